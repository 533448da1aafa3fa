import { isAscii, isUtf8 } from "node:buffer";
import { TextDecoder } from "node:util";

/** Names seen in mails that the WHATWG Encoding Standard, and so `TextDecoder`, does not know. */
const aliases: Readonly<Record<string, string>> = {
  cp932: "shift_jis",
  cp936: "gbk",
  cp949: "euc-kr",
  cp950: "big5",
  "latin-1": "windows-1252",
  "utf-8mb4": "utf-8",
};

const decoders = new Map<string, TextDecoder>();

/**
 * Read bytes as text in the charset a mail names; never throws. A charset that nobody knows, and bytes that do not
 * fit `us-ascii`, are read as UTF-8 if they are UTF-8 and as windows-1252 otherwise.
 * @param charset as written in the `charset` parameter; empty when there was none
 */
export function decodeText(bytes: Uint8Array, charset = ""): string {
  if (isAscii(bytes) && !/^\s*(?:iso-2022|utf-?16|ucs-?2|unicode)/i.test(charset)) {
    return toBuffer(bytes).toString("latin1");
  }
  const decoder = charset === "" || /^(us-)?ascii$/i.test(charset) ? undefined : decoderOf(charset);
  return (decoder ?? guess(bytes)).decode(bytes);
}

/** A view of the same bytes with the methods of `Buffer`. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function guess(bytes: Uint8Array): TextDecoder {
  return decoderOf(isUtf8(bytes) ? "utf-8" : "windows-1252") as TextDecoder;
}

function decoderOf(charset: string): TextDecoder | undefined {
  const label = charset.trim().toLowerCase();
  const known = decoders.get(label);
  if (known) return known;
  try {
    const decoder = new TextDecoder(aliases[label] ?? label.replace(/^(?:x-)?cp-?(?=125\d$)/, "windows-"));
    // Only names that exist are remembered, so no sender can make this map grow.
    decoders.set(label, decoder);
    return decoder;
  } catch {
    return undefined;
  }
}

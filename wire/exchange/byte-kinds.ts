/** Kinds whose payload is bytes in every dialect. */
export const byteKinds = ["raw", "hex", "b64", "file"] as const;
export type ByteKind = (typeof byteKinds)[number];

/** Whether a line's kind says bytes instead of a message of the dialect. */
export function isByteKind(kind: string): kind is ByteKind {
  return (byteKinds as readonly string[]).includes(kind);
}

/**
 * The bytes of a `hex` or `b64` payload.
 * @throws {TypeError} when it is not hexadecimal or base64
 */
export function decodeBytes(kind: "hex" | "b64", text: string): string {
  if (kind === "hex") return decodeHex(text);
  const plain = text.replaceAll(/\s/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(plain) || plain.length % 4 !== 0)
    throw new TypeError("this is not base64");
  return Buffer.from(plain, "base64").toString("latin1");
}

/**
 * Pairs of digits with blanks between them; also a dump of xxd, hexdump -C or Wireshark. A line is of a dump when it
 * begins with the offset that it must have, in at least four digits; what stands behind its pairs is the gutter.
 */
function decodeHex(text: string): string {
  let digits = "";
  for (const line of text.split("\n")) {
    const found = /^\s*([0-9a-fA-F]{4,16})(?::\s*|\s{2,}|$)/.exec(line);
    const isDump =
      found !== null && Number.parseInt(found[1]!, 16) === digits.length / 2 && !isPairs(line, found);
    digits += isDump ? dumpRow(line.slice(found[0].length)) : plainRow(line);
  }
  return Buffer.from(digits, "hex").toString("latin1");
}

/** `0000  12` could be four zeros and one pair more; only at offset 0 of a text without a colon can it be meant so. */
function isPairs(line: string, found: RegExpExecArray): boolean {
  return found[1]!.length > 4 && !found[0].includes(":") && line.trim() === found[1];
}

function plainRow(line: string): string {
  const digits = line.replaceAll(/\s/g, "");
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(digits))
    throw new TypeError(`'${line.trim().slice(0, 40)}' is not hexadecimal`);
  return digits;
}

function dumpRow(row: string): string {
  let digits = "";
  const token = /([0-9a-fA-F]{2}(?:[0-9a-fA-F]{2})*)( *)/y;
  for (;;) {
    const found = token.exec(row);
    if (found === null) return digits;
    digits += found[1]!;
    const gap = found[2]!.length;
    // Two blanks stand in the middle of sixteen bytes, or before the gutter.
    if (digits.length >= 32 || gap === 0 || gap > 2 || (gap === 2 && digits.length !== 16)) return digits;
  }
}

/** What the name of a `file` line may be: no way out of the folder of the script. */
export function checkFileName(name: string): string {
  const plain = name.trim();
  if (plain === "" || /^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\0/.test(plain)) {
    throw new TypeError(`'${plain}' is not a file beside the script`);
  }
  return plain;
}

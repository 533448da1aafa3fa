/**
 * A byte string is a JavaScript string with one character (0 to 255) for each byte. Everything that is compared on
 * the wire is one: regular expressions work on it, positions in it are byte offsets, and nothing is lost when a peer
 * sends what is not UTF-8.
 */

/** Whether a text is its own byte string. */
export function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

/** The UTF-8 bytes of a text. */
export function bytesOf(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

/** The byte string of a buffer. */
export function byteString(buffer: Uint8Array): string {
  const view = Buffer.isBuffer(buffer)
    ? buffer
    : Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  return view.toString("latin1");
}

/** The buffer of a byte string. */
export function bufferOf(bytes: string): Buffer {
  return Buffer.from(bytes, "latin1");
}

/** The text of a byte string when it is UTF-8, otherwise `undefined`. */
export function textOf(bytes: string): string | undefined {
  if (isAscii(bytes)) return bytes;
  const text = Buffer.from(bytes, "latin1").toString("utf8");
  return Buffer.from(text, "utf8").toString("latin1") === bytes ? text : undefined;
}

/**
 * A byte string for people: UTF-8 as text, control characters as their pictures (`␀`), other bytes as `\xff`.
 * Nothing in it can move the cursor of a terminal. Line feeds become `␊` as well, a carriage return `␍`.
 */
export function visible(bytes: string): string {
  const text = textOf(bytes);
  const shown = text ?? bytes.replaceAll(/[\x80-\xff]/g, (c) => `\\x${c.charCodeAt(0).toString(16)}`);
  return shown.replaceAll(/[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, (c) => {
    const code = c.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? "\u2421" : `\\u{${code.toString(16)}}`;
  });
}

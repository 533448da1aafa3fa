/** Longer than a line of a table need not be. */
const most = 60;

/**
 * Bytes as text to read: UTF-8 where it is, with line ends and what cannot be seen spelled out, and only the beginning
 * of what is long.
 */
export function textOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("utf8");
  if (text.includes("\uFFFD")) return hexOf(bytes);
  const seen = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, spelled);
  const letters = Array.from(seen);
  return letters.length > most ? `${letters.slice(0, most).join("")}… (${bytes.length} bytes)` : seen;
}

/** `0x37fa213d`; of what is long only the beginning. */
export function hexOf(bytes: Uint8Array): string {
  const hex = `0x${Buffer.from(bytes.subarray(0, most / 3)).toString("hex")}`;
  return bytes.length > most / 3 ? `${hex}… (${bytes.length} bytes)` : hex;
}

function spelled(letter: string): string {
  const short = { "\r": "\\r", "\n": "\\n", "\t": "\\t", "\0": "\\0" }[letter];
  return short ?? `\\u{${letter.codePointAt(0)!.toString(16)}}`;
}

/** `1 byte`, `4 bytes` */
export function bytesText(count: number): string {
  return `${count} ${count === 1 ? "byte" : "bytes"}`;
}

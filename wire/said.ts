/** Bytes to send; text leaves as UTF-8 unless the connection's `encoding` says otherwise. */
export type Said = string | Uint8Array;

/** What was said, as bytes of its own. */
export function bytesOf(said: Said, encoding: BufferEncoding): Buffer {
  return typeof said === "string" ? Buffer.from(said, encoding) : Buffer.from(said);
}

/** All that was said as one; a single buffer stays as it is. */
export function joined(parts: readonly Said[], encoding: BufferEncoding): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && typeof first === "object") return first;
  const bytes = parts.map((part) => (typeof part === "string" ? Buffer.from(part, encoding) : part));
  return Buffer.concat(bytes);
}

/** A message from its lines, with the line endings of the wire. */
export function mailOf(...lines: string[]): Buffer {
  return Buffer.from(lines.join("\r\n"));
}

import type { Cutter } from "../../wire/lines.ts";

/** Messages over TCP: two bytes of length before each (RFC 1035 section 4.2.2). */
export class LengthCutter implements Cutter<Buffer> {
  end = 0;

  cut(bytes: Buffer, start: number): Buffer | undefined {
    this.end = start;
    if (bytes.length < start + 2) return undefined;
    const end = start + 2 + bytes.readUInt16BE(start);
    if (bytes.length < end) return undefined;
    this.end = end;
    return bytes.subarray(start + 2, end);
  }
}

/** A message with its length before it. */
export function framed(message: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafe(message.length + 2);
  whole.writeUInt16BE(message.length, 0);
  whole.set(message, 2);
  return whole;
}

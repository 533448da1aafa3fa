import type { ByteReader } from "../../wire/byte-reader.ts";
import { WireError } from "../../wire/errors.ts";
import { ChunkReader } from "../../wire/http-chunks.ts";
import type { BodyLength } from "../../wire/http-head.ts";

/** Bytes taken at a time. */
const maxPieceBytes = 65_536;

/**
 * Pass the body of a message on as it is, up to its end and no further. Chunks are read, to know where they end, and
 * passed on as they came.
 * @throws WireError CONNECTION_LOST when it ends too early; HttpViolation for chunks that are none
 */
export async function passBody(
  from: ByteReader,
  length: BodyLength,
  write: (bytes: Buffer) => Promise<void>,
): Promise<void> {
  if (length === "chunked") {
    const chunks = new ChunkReader();
    const next = (bytes: Buffer): { readonly bytes: number; readonly piece: Buffer } => {
      const end = chunks.read(bytes, 0, () => {});
      return { bytes: end, piece: bytes.subarray(0, end) };
    };
    while (!chunks.isDone) await write((await from.read(next, Infinity)).piece);
    return;
  }
  for (let left = length === "until the end" ? Infinity : length; left > 0;) {
    const piece = await from.some(Math.min(left, maxPieceBytes));
    if (piece) await write(piece);
    else if (left === Infinity) return;
    else throw new WireError("CONNECTION_LOST", `a body ended ${left} bytes too early`);
    left -= piece.length;
  }
}

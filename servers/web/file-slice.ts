import { closeSync, read } from "node:fs";

/** Bytes of a file that is open; read when they are sent, never all at once. */
export class FileSlice {
  readonly file: OpenFile;
  readonly start: number;
  /** Behind the last byte. */
  readonly end: number;

  constructor(file: OpenFile, start: number, end: number) {
    this.file = file;
    this.start = start;
    this.end = end;
  }

  get byteCount(): number {
    return this.end - this.start;
  }
}

/** A descriptor that is closed when its answer is done. */
export class OpenFile implements Disposable {
  readonly descriptor: number;
  #isClosed = false;

  constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  /** Fill a buffer from `position`. @returns how many bytes there were; 0 at the end of the file */
  async read(buffer: Buffer, position: number, length: number): Promise<number> {
    return await new Promise((resolve, reject) => {
      read(this.descriptor, buffer, 0, length, position, (error, bytesRead) => {
        if (error) reject(error);
        else resolve(bytesRead);
      });
    });
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.descriptor);
  }
}

/** Read ahead by one: while the client takes a piece, the next is read. */
const pieceBytes = 262_144;

/**
 * The bytes of a slice, in pieces. A piece is used again after the next but one was asked for, so the taker must be done
 * with it by then.
 * @throws Error when the file has become shorter
 */
export async function* piecesOf(slice: FileSlice): AsyncIterableIterator<Buffer> {
  const size = Math.min(pieceBytes, slice.byteCount);
  if (size === 0) return;
  const buffers = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)] as const;
  let turn = 0;
  let at = slice.start;
  const readNext = (): Promise<number> =>
    slice.file.read(buffers[turn as 0 | 1], at, Math.min(size, slice.end - at));
  let reading = readNext();
  while (at < slice.end) {
    const count = await reading;
    if (count === 0)
      throw new Error(`a file became shorter while it was sent: ${slice.end - at} bytes are missing`);
    const piece = buffers[turn as 0 | 1].subarray(0, count);
    at += count;
    turn = 1 - turn;
    if (at < slice.end) {
      reading = readNext();
      // A failure is told when its turn comes, also when the taker has gone by then.
      reading.catch(() => {});
    }
    yield piece;
  }
}

import { close, closeSync, read, readSync } from "node:fs";
import { toFileError } from "../file-system.ts";
import type { FileReader } from "../file-system.ts";

/** Reads of 1 MiB reach what sendfile does; 64 KiB reach a third of it. */
const chunkBytes = 1024 * 1024;
/**
 * A file up to this size is read without a thread. Where it is in the system's cache that takes less time than to wake a
 * thread that reads it, and to be woken by that: 50 sessions that fetch 1 MiB each take three quarters of the processor
 * time.
 */
const smallFileBytes = chunkBytes;
/**
 * So much of it at a time: what was read is still in the processor's cache when it is sent, and a crowd finds its buffers
 * among the spare ones. 200 sessions that fetch 1 MiB each take two thirds of the processor time of reads of 1 MiB.
 */
const smallChunkBytes = 256 * 1024;
/** Smaller ones have a buffer of their own. */
const leastSpareBytes = 64 * 1024;

/** Buffers of readers that were closed: fresh memory costs as much time as reading into it. */
class SpareBuffers {
  readonly #bytes: number;
  readonly #spare: Buffer[] = [];

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  take(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.#bytes);
  }

  give(buffer: Buffer): void {
    if (this.#spare.length < maxSpareBytes / this.#bytes) this.#spare.push(buffer);
  }
}

const maxSpareBytes = 32 * 1024 * 1024;
const largeBuffers = new SpareBuffers(chunkBytes);
const smallBuffers = new SpareBuffers(smallChunkBytes);

/** Read an open file from `start` to `end`, a chunk ahead of the caller. The reader closes the descriptor. */
export function diskReader(
  descriptor: number,
  path: string,
  size: number,
  start: number,
  end: number,
): FileReader {
  const stop = Math.min(end, size);
  return stop - start <= smallFileBytes
    ? smallReader(descriptor, path, size, start, stop)
    : largeReader(descriptor, path, size, start, stop);
}

function smallReader(
  descriptor: number,
  path: string,
  size: number,
  start: number,
  stop: number,
): FileReader {
  let position = start;
  let spare: Buffer | undefined;
  return {
    size,
    next: () => {
      const length = Math.min(smallChunkBytes, stop - position);
      if (length <= 0) return undefined;
      if (length > leastSpareBytes) spare ??= smallBuffers.take();
      const buffer = spare ?? Buffer.allocUnsafe(length);
      const count = readFully(descriptor, buffer, length, position, path);
      position = count < length ? stop : position + count;
      return count === 0 ? undefined : buffer.subarray(0, count);
    },
    close: () => {
      if (spare !== undefined) smallBuffers.give(spare);
      spare = undefined;
      closeSync(descriptor);
    },
  };
}

/** Read so many bytes, or to the end of a file that became shorter. */
function readFully(
  descriptor: number,
  buffer: Buffer,
  length: number,
  position: number,
  path: string,
): number {
  let count = 0;
  try {
    while (count < length) {
      const read = readSync(descriptor, buffer, count, length - count, position + count);
      if (read === 0) break;
      count += read;
    }
    return count;
  } catch (error) {
    throw toFileError(error, path);
  }
}

function largeReader(
  descriptor: number,
  path: string,
  size: number,
  start: number,
  stop: number,
): FileReader {
  // Up to three: one is being read into, one is the caller's, and one may still be on its way to the network.
  const buffers: Buffer[] = [];
  let turn = 0;
  let position = start;
  let ahead: Promise<Uint8Array | undefined> | undefined;

  const readNext = (): Promise<Uint8Array | undefined> => {
    const length = Math.min(chunkBytes, stop - position);
    if (length <= 0) return Promise.resolve(undefined);
    const buffer = (buffers[turn] ??= largeBuffers.take());
    turn = (turn + 1) % 3;
    return new Promise((resolve, reject) => {
      read(descriptor, buffer, 0, length, position, (error, count) => {
        if (error) {
          reject(toFileError(error, path));
          return;
        }
        position += count;
        // A file that became shorter ends where it ends now.
        resolve(count === 0 ? undefined : buffer.subarray(0, count));
      });
    });
  };

  return {
    size,
    next: async () => {
      const bytes = await (ahead ?? readNext());
      if (bytes === undefined) return undefined;
      ahead = readNext();
      // Whoever asks for the next chunk hears of the failure; if nobody asks, it is nobody's.
      ahead.catch(() => undefined);
      return bytes;
    },
    close: async () => {
      await ahead?.catch(() => undefined);
      for (const buffer of buffers.splice(0)) largeBuffers.give(buffer);
      await new Promise<void>((resolve) => {
        close(descriptor, () => resolve());
      });
    },
  };
}

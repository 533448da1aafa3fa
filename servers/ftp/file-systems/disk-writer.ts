import { close, closeSync, fchmodSync, writev, writeSync } from "node:fs";
import { toFileError } from "../file-system.ts";
import type { FileWriter } from "../file-system.ts";

/** What follows the last byte, besides closing the file. */
export interface Ending {
  /** Permission bits of the file that is replaced. */
  readonly mode?: number | undefined;
  /** Give the file its final name. */
  readonly complete?: () => void;
  /** Remove an upload that broke off. */
  readonly discard?: () => void;
  /** Remove an upload that broke off before its first byte. */
  readonly discardWhenEmpty?: () => void;
}

/** So much is gathered before it is written in one call. */
const batchBytes = 1024 * 1024;
/** So much may wait while a batch is being written. */
const maxWaitingBytes = 2 * batchBytes;
/** What a small upload amounts to: written at once at its end. */
const smallUploadBytes = 64 * 1024;

/**
 * Write to an open file from `start` on. Chunks are gathered and written a megabyte at a time while the next ones come
 * in. The writer closes the descriptor.
 */
export function diskWriter(descriptor: number, path: string, start: number, ending: Ending): FileWriter {
  return new DiskWriter(descriptor, path, start, ending);
}

class DiskWriter implements FileWriter {
  readonly #descriptor: number;
  readonly #path: string;
  readonly #ending: Ending;
  #position: number;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #totalBytes = 0;
  #inFlight: Promise<void> | undefined;
  #failure: Error | undefined;
  #isClosed = false;

  constructor(descriptor: number, path: string, start: number, ending: Ending) {
    this.#descriptor = descriptor;
    this.#path = path;
    this.#position = start;
    this.#ending = ending;
  }

  write(bytes: Uint8Array): void | Promise<void> {
    if (this.#failure) throw this.#failure;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#totalBytes += bytes.length;
    if (this.#waitingBytes < batchBytes) return undefined;
    if (this.#inFlight === undefined) this.#flush();
    return this.#waitingBytes < maxWaitingBytes ? undefined : this.#wait();
  }

  /** Wait until nothing is being written; throws what went wrong. */
  async #settle(): Promise<void> {
    while (this.#inFlight) await this.#inFlight;
    if (this.#failure) throw this.#failure;
  }

  /** Wait for the batch under way; throws what went wrong. */
  async #wait(): Promise<void> {
    await this.#inFlight;
    if (this.#failure) throw this.#failure;
  }

  #flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#inFlight = this.#writeAll(batch).then(
      () => {
        this.#inFlight = undefined;
        if (this.#waitingBytes >= batchBytes) this.#flush();
      },
      (error: unknown) => {
        this.#inFlight = undefined;
        this.#failure = toFileError(error, this.#path);
      },
    );
  }

  async #writeAll(batch: readonly Uint8Array[]): Promise<void> {
    let rest = batch;
    while (rest.length > 0) {
      const written = await writeVector(this.#descriptor, rest, this.#position);
      this.#position += written;
      rest = withoutFirst(rest, written);
    }
  }

  finish(): void | Promise<void> {
    if (this.#inFlight === undefined && this.#waitingBytes <= smallUploadBytes && !this.#failure) {
      return this.#finishNow();
    }
    return this.#finishLater();
  }

  #finishNow(): void {
    const last = this.#waiting;
    this.#waiting = [];
    try {
      for (const bytes of last) this.#writeNow(bytes);
      this.#keepMode();
      this.#isClosed = true;
      closeSync(this.#descriptor);
      this.#ending.complete?.();
    } catch (error) {
      this.#failure = toFileError(error, this.#path);
      throw this.#failure;
    }
  }

  #writeNow(bytes: Uint8Array): void {
    let written = 0;
    while (written < bytes.length) {
      written += writeSync(
        this.#descriptor,
        bytes,
        written,
        bytes.length - written,
        this.#position + written,
      );
    }
    this.#position += written;
  }

  async #finishLater(): Promise<void> {
    await this.#settle();
    const last = this.#waiting;
    this.#waiting = [];
    try {
      await this.#writeAll(last);
      this.#keepMode();
      await this.#close();
      this.#ending.complete?.();
    } catch (error) {
      this.#failure = toFileError(error, this.#path);
      throw this.#failure;
    }
  }

  #keepMode(): void {
    if (this.#ending.mode !== undefined) fchmodSync(this.#descriptor, this.#ending.mode & 0o777);
  }

  async abort(): Promise<void> {
    try {
      while (this.#inFlight) await this.#inFlight;
      // What came is kept for a client that resumes.
      if (!this.#failure && !this.#ending.discard) await this.#writeAll(this.#waiting);
    } finally {
      await this.#close();
      if (this.#totalBytes === 0) this.#ending.discardWhenEmpty?.();
      this.#ending.discard?.();
    }
  }

  async #close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await new Promise<void>((resolve, reject) => {
      close(this.#descriptor, (error) => (error ? reject(error) : resolve()));
    });
  }
}

function writeVector(descriptor: number, batch: readonly Uint8Array[], position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    writev(descriptor, batch, position, (error, written) => (error ? reject(error) : resolve(written)));
  });
}

/** What is left of a batch when only so many bytes of it were taken. */
function withoutFirst(batch: readonly Uint8Array[], taken: number): readonly Uint8Array[] {
  let rest = taken;
  for (const [index, bytes] of batch.entries()) {
    if (rest < bytes.length) return [bytes.subarray(rest), ...batch.slice(index + 1)];
    rest -= bytes.length;
  }
  return [];
}

const highWaterBytes = 262_144;

/** A message's bytes as they come, for one reader, who need not read them. */
export class MessageStream implements AsyncIterable<Uint8Array> {
  /** When the reader is behind: resolved when it can take more. */
  ready: Promise<void> | undefined;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #isRead = false;
  #hasEnded = false;
  #error: Error | undefined;
  #wake = (): void => {};
  #caughtUp = (): void => {};

  push(content: Uint8Array): void {
    this.#queue.push(content);
    this.#queuedBytes += content.length;
    this.#wake();
    if (this.#isRead && this.#queuedBytes > highWaterBytes) {
      this.ready ??= new Promise((resolve) => (this.#caughtUp = resolve));
    }
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  fail(error: Error): void {
    this.#error = error;
    this.#queue = [];
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    this.#isRead = true;
    try {
      for (;;) {
        const next = this.#queue.shift();
        if (next) {
          this.#queuedBytes -= next.length;
          if (this.#queuedBytes <= highWaterBytes) this.#release();
          yield next;
        } else if (this.#error) throw this.#error;
        else if (this.#hasEnded) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      this.#isRead = false;
      this.#release();
    }
  }

  #release(): void {
    this.ready = undefined;
    this.#caughtUp();
  }
}

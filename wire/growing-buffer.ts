/** A buffer that doubles when it is full, however many pieces come. */
export class GrowingBuffer {
  #buffer: Buffer;
  length = 0;

  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  /** Appends a copy and gives it, to be changed in place. `more` is how much is known to come, itself included. */
  append(bytes: Uint8Array, more: number): Buffer {
    const from = this.length;
    const needs = from + bytes.length;
    if (needs > this.#buffer.length) {
      // What a header promises is not believed beyond a megabyte before it has come.
      const promised = from + Math.min(more, 1024 * 1024);
      const bigger = Buffer.allocUnsafe(Math.max(needs, promised, from === 0 ? 0 : this.#buffer.length * 2));
      this.#buffer.copy(bigger, 0, 0, from);
      this.#buffer = bigger;
    }
    this.#buffer.set(bytes, from);
    this.length = needs;
    return this.#buffer.subarray(from, needs);
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.length);
  }
}

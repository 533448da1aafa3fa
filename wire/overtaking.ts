/** Lets an answer wait until a later one has left. */
export class Overtaking {
  #overtaken: (() => void) | undefined;

  /** Resolves when an answer has left; at once when one waits already, which would wait for this one. */
  next(): Promise<void> {
    if (this.#overtaken) return Promise.resolve();
    return new Promise((resolve) => {
      this.#overtaken = resolve;
    });
  }

  /** An answer has left. */
  left(): void {
    const overtaken = this.#overtaken;
    this.#overtaken = undefined;
    overtaken?.();
  }
}

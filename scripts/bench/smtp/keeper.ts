/** Keeps the raw bytes of the newest mails, so that a bench of many minutes does not fill the memory. */
export class Keeper {
  readonly #mails: (Uint8Array | undefined)[] = [];
  #bytes = 0;
  #oldest = 0;
  /** Mails ever kept. */
  count = 0;

  keep(raw: Uint8Array): void {
    this.count += 1;
    this.#bytes += raw.length;
    this.#mails.push(raw);
    while (this.#bytes > maxBytes) {
      this.#bytes -= this.#mails[this.#oldest]!.length;
      this.#mails[this.#oldest] = undefined;
      this.#oldest += 1;
    }
    if (this.#oldest > 10_000) {
      this.#mails.splice(0, this.#oldest);
      this.#oldest = 0;
    }
  }
}

const maxBytes = 32 * 1_048_576;

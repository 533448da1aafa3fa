/** Bounds the answers to one address, so that forged queries cannot turn the server against somebody. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #answers = new Map<string, number>();
  #secondMs = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Whether one more answer may go to this address now. */
  allows(address: string, nowMs: number): boolean {
    if (this.#perSecond === Infinity) return true;
    if (nowMs - this.#secondMs >= 1_000) {
      this.#answers.clear();
      this.#secondMs = nowMs;
    }
    const count = (this.#answers.get(address) ?? 0) + 1;
    this.#answers.set(address, count);
    return count <= this.#perSecond;
  }
}

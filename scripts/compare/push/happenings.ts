/** What happened so far, for clients that come and ask: each says how much it has seen. */
export class Happenings {
  readonly #events: string[] = [];
  readonly #waiting = new Set<() => void>();

  add(event: string): void {
    this.#events.push(event);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  get count(): number {
    return this.#events.length;
  }

  after(seen: number): readonly string[] {
    return this.#events.slice(seen);
  }

  /** Resolves when there is more than was seen. */
  more(seen: number): Promise<void> {
    if (this.#events.length > seen) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.add(resolve));
  }
}

import type { Fate } from "./faults.ts";

/** Lets answers leave as the faults will have it: late, twice, or behind the one that comes after. */
export class Outbox {
  readonly #timers = new Set<NodeJS.Timeout>();
  #held: (() => void) | undefined;

  /** Whether an answer waits for the next one to overtake it. */
  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  leave(fate: Fate, send: (reply: Buffer) => void): void {
    const sendAll = (): void => {
      for (const copy of fate.copies) send(copy);
    };
    if (fate.isReordered && !this.#held) {
      this.#held = sendAll;
      return;
    }
    if (fate.delayMs > 0) this.#later(fate.delayMs, sendAll);
    else sendAll();
    const held = this.#held;
    this.#held = undefined;
    held?.();
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #later(delayMs: number, task: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      task();
    }, delayMs);
    this.#timers.add(timer);
  }
}

import type { Clock } from "../../../wire/clock.ts";

/**
 * How fast somebody may speak: so many at once, and then so many each second. Who is faster is not refused but heard
 * later; nothing is lost, and his door reads no more from him in the meantime.
 */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #most: number;
  #tokens: number;
  #atMs: number;
  #callOff: (() => void) | undefined;

  constructor(clock: Clock, perSecond: number, most: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#most = most;
    this.#tokens = most;
    this.#atMs = clock.now();
  }

  /** @returns whether there was one; without one the next is owed, and `wait` says when it is there */
  take(): boolean {
    if (this.#perSecond === Infinity) return true;
    this.#fill();
    this.#tokens -= 1;
    return this.#tokens >= 0;
  }

  /** Resolved when what is owed has come. */
  wait(): Promise<void> {
    const ms = (-this.#tokens / this.#perSecond) * 1_000;
    return new Promise((resolve) => {
      this.#callOff = this.#clock.after(ms, resolve);
    });
  }

  close(): void {
    this.#callOff?.();
  }

  #fill(): void {
    const nowMs = this.#clock.now();
    const gained = ((nowMs - this.#atMs) / 1_000) * this.#perSecond;
    this.#tokens = Math.min(this.#most, this.#tokens + gained);
    this.#atMs = nowMs;
  }
}

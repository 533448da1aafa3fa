/** Waits for something to come on any connection of a performance, with one timer for all waits. */
export class News {
  #hasCome = false;
  #wake: ((isNews: boolean) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer rings, and when the wait under way is over. */
  #timerMs = 0;
  #deadlineMs = 0;

  /** Something came. */
  came(): void {
    if (this.#wake === undefined) this.#hasCome = true;
    else this.#settle(true);
  }

  /** Resolves with true when something came, also since the last time; with false when the time is up. */
  wait(deadlineMs: number): boolean | Promise<boolean> {
    const isNews = this.#hasCome;
    this.#hasCome = false;
    if (isNews || deadlineMs <= performance.now()) return isNews;
    return new Promise<boolean>((resolve) => {
      this.#wake = resolve;
      this.#watch(deadlineMs);
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** The timer is set anew only when a wait ends earlier than it would ring: there is one for each line. */
  #watch(deadlineMs: number): void {
    this.#deadlineMs = deadlineMs;
    if (this.#timer !== undefined && this.#timerMs <= deadlineMs) return;
    clearTimeout(this.#timer);
    this.#timerMs = deadlineMs;
    const delayMs = Math.ceil(deadlineMs - performance.now());
    this.#timer = setTimeout(() => this.#ring(), delayMs);
  }

  #ring(): void {
    this.#timer = undefined;
    if (this.#wake === undefined) return;
    if (this.#deadlineMs <= performance.now()) this.#settle(false);
    else this.#watch(this.#deadlineMs);
  }

  #settle(isNews: boolean): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.(isNews);
  }
}

/** Lets time pass, whatever comes. */
export async function pause(ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
  });
}

import { setImmediate as endOfTurn } from "node:timers/promises";

/** How often a market that goes by itself goes on, in milliseconds. */
const tickMs = 20;
/** How far it goes at once, at most: a machine that is too slow for the speed falls behind, and stays awake. */
const longestStepMs = 10_000;

/**
 * Lets the time of a market go by itself: as much of it as the clock of this machine says, times a speed. Timers are
 * late; what one of them missed, the next one makes up for.
 */
export class MarketClock {
  readonly #nowMs: () => number;
  readonly #speed: number;
  readonly #advance: (toMs: number) => Promise<void>;
  readonly #timer: NodeJS.Timeout | undefined;
  #lastMs = performance.now();
  /** What waits to be done: one advance after the other. */
  #turn: Promise<void> = Promise.resolve();
  #isBusy = false;

  /** @param nowMs the market's time */
  constructor(
    nowMs: () => number,
    advance: (toMs: number) => Promise<void>,
    options: { readonly speed: number; readonly clock: "running" | "stepped" },
  ) {
    this.#nowMs = nowMs;
    this.#advance = advance;
    this.#speed = options.speed;
    if (options.clock === "running") this.#timer = setInterval(() => this.#tick(), tickMs).unref();
  }

  /** Let so much of the market's time pass at once. Resolved when what happened in it was handed to the sockets. */
  async step(ms: number): Promise<void> {
    if (!(ms >= 0)) throw new TypeError("step: time goes forward; give milliseconds from 0");
    await this.#then(() => this.#advance(this.#nowMs() + ms));
    // What is said in one turn of the event loop leaves at its end.
    await endOfTurn();
  }

  close(): Promise<void> {
    clearInterval(this.#timer);
    return this.#turn.catch(() => {});
  }

  #tick(): void {
    // A bus that is slower than this must not be asked for more.
    if (this.#isBusy) return;
    const nowMs = performance.now();
    const passedMs = Math.floor((nowMs - this.#lastMs) * this.#speed);
    if (passedMs < 1) return;
    this.#lastMs += passedMs / this.#speed;
    this.#isBusy = true;
    void this.#then(() => this.#advance(this.#nowMs() + Math.min(passedMs, longestStepMs)))
      .catch(() => {})
      .finally(() => (this.#isBusy = false));
  }

  #then(act: () => Promise<void>): Promise<void> {
    const turn = this.#turn.catch(() => {}).then(act);
    this.#turn = turn;
    return turn;
  }
}

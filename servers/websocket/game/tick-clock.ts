import { tickHz, tickMs } from "../../../wire/pong/court.ts";

/** What a clock is told. */
export interface TickClockOptions {
  /** One more tick. */
  readonly onTick: () => void;
  /** The time, in milliseconds; it goes on evenly. @default performance.now */
  readonly now?: () => number;
}

/** After a sleep of the process, so many ticks are caught up with at most; the rest never was. */
const maxCatchUp = 60;

/**
 * Sixty ticks a second, on the whole: each has its deadline, counted from the beginning, so that what one timer is
 * late the next is early. `setInterval(16.67)` runs every 16 ms, two percent too fast, and never makes up for anything.
 */
export class TickClock {
  /** Ticks that were left out because the process had slept. */
  droppedTicks = 0;
  readonly #onTick: () => void;
  readonly #now: () => number;
  #ticks = 0;
  #startMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor({ onTick, now = () => performance.now() }: TickClockOptions) {
    this.#onTick = onTick;
    this.#now = now;
    this.#startMs = now();
  }

  get ticks(): number {
    return this.#ticks;
  }

  /** What has passed of the tick under way, in milliseconds; 0 when the clock is moved by hand. */
  get sinceTickMs(): number {
    if (this.#timer === undefined) return 0;
    return Math.max(0, this.#now() - this.#startMs - (this.#ticks + this.droppedTicks) * tickMs);
  }

  /** Run with the time. */
  start(): void {
    this.#startMs = this.#now() - this.#ticks * tickMs;
    this.#wait();
  }

  /** Tick so often, now. */
  step(count: number): void {
    for (let n = 0; n < count; n++) {
      this.#ticks += 1;
      this.#onTick();
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(): void {
    const deadlineMs = this.#startMs + (this.#ticks + this.droppedTicks + 1) * tickMs;
    this.#timer = setTimeout(() => this.#wake(), Math.max(0, deadlineMs - this.#now()));
  }

  #wake(): void {
    const sinceStart = Math.floor(((this.#now() - this.#startMs) * tickHz) / 1_000);
    const due = sinceStart - this.#ticks - this.droppedTicks;
    this.droppedTicks += Math.max(0, due - maxCatchUp);
    this.step(Math.min(due, maxCatchUp));
    // A tick may have stopped the clock.
    if (this.#timer !== undefined) this.#wait();
  }
}

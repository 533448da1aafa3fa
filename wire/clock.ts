/**
 * The time of a server, which a test can move: what is due in the time that it lets pass happens as if it had passed.
 */
export class Clock {
  #aheadMs = 0;
  readonly #alarms = new Set<Alarm>();

  /** Milliseconds since the epoch, in the server's time. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  /** Let time pass at once. What was due in it happens now, in its order. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new TypeError("clock.advance: time goes forward; give milliseconds from 0");
    const end = this.now() + ms;
    for (;;) {
      const next = [...this.#alarms].sort((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined || next.dueMs > end) break;
      this.#aheadMs += Math.max(next.dueMs - this.now(), 0);
      this.#ring(next);
    }
    this.#aheadMs += Math.max(end - this.now(), 0);
    for (const alarm of this.#alarms) this.#wind(alarm);
  }

  /** Have something done after so many milliseconds of the server's time. @returns what calls it off */
  after(ms: number, ring: () => void): () => void {
    const alarm: Alarm = { dueMs: this.now() + ms, ring, timer: undefined };
    this.#alarms.add(alarm);
    this.#wind(alarm);
    return () => this.#callOff(alarm);
  }

  #wind(alarm: Alarm): void {
    clearTimeout(alarm.timer);
    // A longer time-out than this is taken by the runtime for none at all.
    const ms = Math.min(Math.max(alarm.dueMs - this.now(), 0), 2 ** 31 - 1);
    alarm.timer = setTimeout(() => {
      if (alarm.dueMs > this.now()) this.#wind(alarm);
      else this.#ring(alarm);
    }, ms).unref();
  }

  #ring(alarm: Alarm): void {
    this.#callOff(alarm);
    alarm.ring();
  }

  #callOff(alarm: Alarm): void {
    clearTimeout(alarm.timer);
    this.#alarms.delete(alarm);
  }
}

interface Alarm {
  readonly dueMs: number;
  readonly ring: () => void;
  timer: NodeJS.Timeout | undefined;
}

const { timeOrigin } = performance;

/** The time of the machine, in milliseconds since the epoch with fractions, never going back: when things were said. */
export function epochMs(): number {
  return timeOrigin + performance.now();
}

import { tickHz } from "../../../wire/pong/court.ts";
import type { InputMessage } from "../../../wire/pong/messages.ts";

/** Why an input moves nothing. */
export type InputFault = "repeated" | "late" | "early" | "frequent";

/** What an input has to keep to. */
export interface InputBounds {
  /** How many ticks after its own an input may come; it counts at once then. */
  readonly maxLateTicks: number;
  /** How many ticks before its own. */
  readonly maxEarlyTicks: number;
  readonly maxPerSecond: number;
}

/** So many seconds' worth of inputs may come at once, after a pause of the network. */
const burstSeconds = 0.5;

/**
 * The inputs of one seat. Each waits for its tick; what is late, early, too frequent or was there before is refused,
 * and answered all the same, so that the player knows that it had no effect.
 */
export class InputGate {
  readonly #bounds: InputBounds;
  readonly #waiting: InputMessage[] = [];
  #lastSeq = 0;
  #credit: number;
  #creditTick: number;

  constructor(bounds: InputBounds, tick: number) {
    this.#bounds = bounds;
    this.#credit = bounds.maxPerSecond * burstSeconds;
    this.#creditTick = tick;
  }

  /** The highest number that came. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Everything up to this number has had its effect, or will never have one. */
  get ack(): number {
    const next = this.#waiting[0];
    return next ? next.seq - 1 : this.#lastSeq;
  }

  /** An input came at a tick; why it is refused, if it is. */
  offer(input: InputMessage, tick: number): InputFault | undefined {
    const { maxPerSecond, maxLateTicks, maxEarlyTicks } = this.#bounds;
    const earned = ((tick - this.#creditTick) * maxPerSecond) / tickHz;
    this.#credit = Math.min(maxPerSecond * burstSeconds, this.#credit + earned);
    this.#creditTick = tick;
    if (input.seq <= this.#lastSeq) return "repeated";
    this.#lastSeq = input.seq;
    if (this.#credit < 1) return "frequent";
    this.#credit -= 1;
    if (input.tick < tick - maxLateTicks) return "late";
    if (input.tick > tick + maxEarlyTicks) return "early";
    this.#waiting.push(input);
    return undefined;
  }

  /** The inputs that count from this tick on, in the order they were made. */
  due(tick: number): InputMessage[] {
    const count = this.#waiting.findIndex((input) => input.tick > tick);
    return this.#waiting.splice(0, count === -1 ? this.#waiting.length : count);
  }
}

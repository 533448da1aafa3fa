import type { Sink, Stage } from "../../passage.ts";
import type { Effect, Firing } from "../fault.ts";
import { Schedule } from "../schedule.ts";
import type { ByteFault } from "./byte-fault.ts";

/**
 * Pieces are lost on the way, and TCP sends them again: nothing is missing in the end, but a lost piece comes late, and
 * everything behind it waits.
 */
export interface LossFault extends ByteFault {
  readonly fault: "loss";
  /** How many pieces in a hundred; of those that are sent again as many. */
  readonly lossPercent: number;
  /** How long it takes until a lost piece is sent again; twice that the next time. @default 200, the least of Linux */
  readonly retransmitMs?: number;
}

export function loss({ lossPercent, retransmitMs = 200, direction = "S" }: LossFault): Effect {
  if (!(lossPercent >= 0 && lossPercent <= 100)) {
    throw new TypeError(`loss: lossPercent must be 0 to 100, got ${lossPercent}`);
  }
  return {
    title: `loss of ${lossPercent} %, sent again after ${retransmitMs} ms`,
    direction,
    stage: (firing) => new Loss(lossPercent, retransmitMs, firing),
  };
}

/** Linux gives up after fifteen; nobody waits for that. */
const maxRepeats = 5;

class Loss implements Stage {
  readonly #schedule = new Schedule();
  readonly #lossPercent: number;
  readonly #retransmitMs: number;
  readonly #firing: Firing;
  #draws = 0;

  constructor(lossPercent: number, retransmitMs: number, firing: Firing) {
    this.#lossPercent = lossPercent;
    this.#retransmitMs = retransmitMs;
    this.#firing = firing;
  }

  get heldBytes(): number {
    return this.#schedule.heldBytes;
  }

  write(bytes: Buffer, next: Sink): void {
    let lateMs = 0;
    for (let repeat = 0; repeat < maxRepeats && this.#isLost(); repeat++) {
      lateMs += this.#retransmitMs * 2 ** repeat;
    }
    // What nothing holds up goes through in the same turn.
    if (lateMs === 0 && this.heldBytes === 0) next.write(bytes);
    else this.#schedule.put(bytes, performance.now() + lateMs, next);
  }

  end(next: Sink): void {
    this.#schedule.put(undefined, performance.now(), next);
  }

  leave(): void {
    this.#schedule.hurry();
  }

  close(): void {
    this.#schedule.close();
  }

  #isLost(): boolean {
    return this.#firing.draw(this.#draws++) * 100 < this.#lossPercent;
  }
}

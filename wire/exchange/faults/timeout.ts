import type { Sink, Stage } from "../../passage.ts";
import type { Effect } from "../fault.ts";
import type { ByteFault } from "./byte-fault.ts";

/** Nothing gets through any more, and the connection ends after a while; with 0 it never does. */
export interface TimeoutFault extends ByteFault {
  readonly fault: "timeout";
  /** @default 0 */
  readonly timeoutMs?: number;
}

export function timeout({ timeoutMs = 0, direction = "S" }: TimeoutFault): Effect {
  return {
    title: timeoutMs === 0 ? "silence" : `silence for ${timeoutMs} ms, then close`,
    direction,
    turn: () => async (floor) => {
      if (timeoutMs === 0) await floor.gone;
      else await floor.wait(timeoutMs);
      floor.end();
    },
    stage: () => new Swallow((next) => next.end(), timeoutMs === 0 ? Infinity : timeoutMs),
  };
}

/** Swallows everything, and brings about an ending some time after its beginning. */
export class Swallow implements Stage {
  readonly heldBytes = 0;
  readonly #finish: (next: Sink) => void;
  readonly #afterMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(finish: (next: Sink) => void, afterMs: number) {
    this.#finish = finish;
    this.#afterMs = afterMs;
  }

  begin(next: Sink): void {
    if (this.#afterMs !== Infinity) this.#timer = setTimeout(() => this.#finish(next), this.#afterMs);
  }

  write(): void {
    // Nothing gets through.
  }

  end(): void {
    // Not even the end.
  }

  /** Who takes it out of a connection has lost bytes of it: the other side must not believe it whole. */
  leave(next: Sink): void {
    next.end();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}

import type { Sink, Stage } from "../../passage.ts";
import type { Effect } from "../fault.ts";
import type { ByteFault } from "./byte-fault.ts";

/** So many bytes, and then no more: in the middle of a reply, or of a file. */
export interface LimitDataFault extends ByteFault {
  readonly fault: "limit_data";
  readonly bytes: number;
  /** What follows the last byte: FIN, RST, or silence. @default "close" */
  readonly ending?: Ending;
}

/** How something stops. */
export type Ending = "close" | "reset" | "stall";

export function limitData({ bytes, ending = "close", direction = "S" }: LimitDataFault): Effect {
  return {
    title: `${ending} after ${bytes} bytes`,
    direction,
    stage: () => new Limit(bytes, ending),
  };
}

/** Lets so many bytes through. */
export class Limit implements Stage {
  readonly heldBytes = 0;
  readonly #ending: Ending;
  #left: number;
  #isOver = false;

  constructor(bytes: number, ending: Ending) {
    this.#left = bytes;
    this.#ending = ending;
  }

  write(bytes: Buffer, next: Sink): void {
    if (this.#isOver) return;
    if (this.#left > 0) next.write(bytes.subarray(0, this.#left));
    this.#left -= bytes.length;
    if (this.#left > 0) return;
    this.#isOver = true;
    if (this.#ending === "close") next.end();
    // A reset throws away what the system has not sent yet: the last bytes go first.
    else if (this.#ending === "reset") setImmediate(() => next.reset());
  }

  end(next: Sink): void {
    if (!this.#isOver) next.end();
  }
}

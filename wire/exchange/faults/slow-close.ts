import { Schedule } from "../schedule.ts";
import type { Effect } from "../fault.ts";
import type { ByteFault } from "./byte-fault.ts";

/** The end of the connection comes later than its last byte. */
export interface SlowCloseFault extends ByteFault {
  readonly fault: "slow_close";
  readonly delayMs: number;
}

export function slowClose({ delayMs, direction = "S" }: SlowCloseFault): Effect {
  return {
    title: `slow close after ${delayMs} ms`,
    direction,
    stage: () => {
      const schedule = new Schedule();
      return {
        get heldBytes() {
          return schedule.heldBytes;
        },
        write: (bytes, next) => next.write(bytes),
        end: (next) => schedule.put(undefined, performance.now() + delayMs, next),
        leave: () => schedule.hurry(),
        close: () => schedule.close(),
      };
    },
  };
}

import type { Effect } from "../fault.ts";
import type { ByteFault } from "./byte-fault.ts";
import { Swallow } from "./timeout.ts";

/** RST: what a crashed server or a strict firewall does. */
export interface ResetPeerFault extends ByteFault {
  readonly fault: "reset_peer";
  /** @default 0 */
  readonly timeoutMs?: number;
}

export function resetPeer({ timeoutMs = 0, direction = "S" }: ResetPeerFault): Effect {
  return {
    title: timeoutMs === 0 ? "reset" : `reset after ${timeoutMs} ms`,
    direction,
    turn: () => async (floor) => {
      if (timeoutMs > 0) await floor.wait(timeoutMs);
      floor.reset();
    },
    stage: () => new Swallow((next) => next.reset(), timeoutMs),
  };
}

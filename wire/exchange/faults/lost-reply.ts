import type { Effect } from "../fault.ts";
import type { Ending } from "./limit-data.ts";

/** The lost acknowledgement: the server did it, and the client never hears so. It finds duplicate deliveries. */
export interface LostReplyFault {
  readonly fault: "lost_reply";
  /** What the client sees instead. @default "reset" */
  readonly ending?: Ending;
}

export function lostReply({ ending = "reset" }: LostReplyFault): Effect {
  return {
    title: `lost reply, ${ending}`,
    on: ".",
    turn: () => async (floor) => {
      await floor.pass();
      if (ending === "reset") floor.reset();
      else if (ending === "close") floor.end();
      else await floor.gone;
    },
  };
}

import type { Effect } from "../fault.ts";
import { printFake } from "./replies.ts";

/** The mail is taken, and refused when it is complete: what a content filter does. */
export interface RejectAtDotFault {
  readonly fault: "reject_at_dot";
  /** @default 554 */
  readonly code?: number;
  readonly text?: string;
}

export function rejectAtDot({ code = 554, text = "5.7.1 the content is refused" }: RejectAtDotFault): Effect {
  const said = printFake({ code, text });
  return {
    title: `reject ${code} at the dot`,
    on: ".",
    turn: () => (floor) => Promise.resolve(floor.say(said)),
  };
}

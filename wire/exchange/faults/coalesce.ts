import type { Effect } from "../fault.ts";
import { printFake } from "./replies.ts";

/** Two replies in one segment: a second one that nobody asked for, behind the real one (curl's `RETRWEIRDO`). */
export interface CoalesceFault {
  readonly fault: "coalesce";
  /** @default 250 OK */
  readonly extra?: { readonly code: number; readonly text?: string };
}

export function coalesce({ extra = { code: 250 } }: CoalesceFault): Effect {
  const second = Buffer.from(printFake(extra));
  return {
    title: `an extra ${extra.code} in the same segment`,
    turn: () => async (floor) => floor.say(Buffer.concat([Buffer.from(await floor.pass()), second])),
  };
}

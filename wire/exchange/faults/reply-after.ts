import type { Effect } from "../fault.ts";
import { type FakeReply, printFake } from "./replies.ts";

/** Another answer, although the server did what it was asked. */
export interface ReplyAfterFault extends FakeReply {
  readonly fault: "reply_after";
}

export function replyAfter(fault: ReplyAfterFault): Effect {
  const said = printFake(fault);
  return {
    title: `reply ${fault.code} afterwards`,
    turn: () => async (floor) => {
      await floor.pass();
      floor.say(said);
    },
  };
}

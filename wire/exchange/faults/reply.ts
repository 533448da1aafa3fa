import type { Effect } from "../fault.ts";
import { type FakeReply, printFake } from "./replies.ts";

/** Another answer; the server never hears what was said. */
export interface ReplyFault extends FakeReply {
  readonly fault: "reply";
}

export function reply(fault: ReplyFault): Effect {
  const said = printFake(fault);
  return {
    title: `reply ${fault.code}`,
    turn: () => (floor) => Promise.resolve(floor.say(said)),
  };
}

import type { Effect } from "../fault.ts";
import { printFake } from "./replies.ts";

/** The server hangs up without a word. */
export interface DisconnectFault {
  readonly fault: "disconnect";
}

export function disconnect(_fault: DisconnectFault): Effect {
  return { title: "disconnect", turn: () => (floor) => Promise.resolve(floor.end()) };
}

/** The server says 421 and hangs up (RFC 5321 section 3.8, RFC 959 section 4.2.2). */
export interface Disconnect421Fault {
  readonly fault: "disconnect_421";
  readonly text?: string;
}

export function disconnect421({ text = "closing the connection" }: Disconnect421Fault): Effect {
  const said = printFake({ code: 421, text });
  return {
    title: "disconnect with 421",
    turn: () => async (floor) => {
      floor.say(said);
      floor.end();
      await floor.gone;
    },
  };
}

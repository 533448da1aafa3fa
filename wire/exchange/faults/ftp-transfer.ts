import type { Effect } from "../fault.ts";
import { printFake, textOf } from "./replies.ts";

/** The commands that need a data connection (RFC 959 section 4.1.3, RFC 3659 section 7). */
const transfers = "RETR|STOR|STOU|APPE|LIST|NLST|MLSD";

/** The data connection cannot be made, and the server says so: with 425, or with 421 and the end. */
export interface NoDataFault {
  readonly fault: "no_data_425" | "no_data_421";
}

export function noData({ fault }: NoDataFault): Effect {
  const code = fault === "no_data_421" ? 421 : 425;
  const said = printFake({
    code,
    text: code === 421 ? "service not available" : "cannot open data connection",
  });
  return {
    title: `no data connection, ${code}`,
    on: transfers,
    turn: () => async (floor) => {
      floor.say(said);
      if (code !== 421) return;
      floor.end();
      await floor.gone;
    },
  };
}

/** The data connection never brings anything: after a 150, or without a word. */
export interface SilentDataFault {
  readonly fault: "no_data_150" | "no_data_never";
}

export function silentData({ fault }: SilentDataFault): Effect {
  return {
    title: fault === "no_data_150" ? "150, and then nothing" : "no answer to a transfer",
    on: transfers,
    turn: () => async (floor) => {
      if (fault === "no_data_150") floor.say(printFake({ code: 150, text: "here it comes" }));
      await floor.gone;
    },
  };
}

/** The transfer is said to be complete before it has begun: 226 right behind the 150. */
export interface Early226Fault {
  readonly fault: "early_226";
}

export function early226(_fault: Early226Fault): Effect {
  return {
    title: "226 before the data",
    on: transfers,
    turn: () => async (floor) => {
      let isEarly = false;
      const last = await floor.pass({
        preliminary: (reply) => {
          isEarly = true;
          return `${textOf(reply)}${printFake({ code: 226, text: "transfer complete" })}`;
        },
      });
      if (!isEarly) floor.say(last);
    },
  };
}

/** An upload for which there is no room: said at once, or when everything has been sent. */
export interface Stor552Fault {
  readonly fault: "stor_552";
  /** @default "start" */
  readonly at?: "start" | "end";
}

export function stor552({ at = "start" }: Stor552Fault): Effect {
  const said = printFake({ code: 552, text: "exceeded storage allocation" });
  return {
    title: `552 at the ${at} of an upload`,
    on: "STOR|STOU|APPE",
    turn: () => async (floor) => {
      if (at === "end") await floor.pass();
      floor.say(said);
    },
  };
}

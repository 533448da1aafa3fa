import type { Effect } from "../fault.ts";
import { textOf } from "./replies.ts";

/** Lines that end as they do on Unix (curl's `REPLYLF`). */
export interface BareLfFault {
  readonly fault: "bare_lf";
}

export function bareLf(_fault: BareLfFault): Effect {
  return {
    title: "bare LF",
    turn: () => async (floor) => floor.say(textOf(await floor.pass()).replaceAll("\r\n", "\n")),
  };
}

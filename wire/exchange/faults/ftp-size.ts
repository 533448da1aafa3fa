import type { Effect } from "../fault.ts";
import { printFake, textOf } from "./replies.ts";

/** The size of a file is another than the server says (curl's `RETRSIZE`). */
export interface SizeLieFault {
  readonly fault: "size_lie";
  /** What is said instead. */
  readonly size: number;
}

export function sizeLie({ size }: SizeLieFault): Effect {
  return {
    title: `size ${size}`,
    on: "SIZE|RETR",
    turn: () => async (floor) => {
      const preliminary = (reply: string | Uint8Array): string =>
        textOf(reply).replace(/\(\d+ bytes\)/, `(${size} bytes)`);
      const said = textOf(await floor.pass({ preliminary }));
      floor.say(said.replace(/^213 \d+/, `213 ${size}`));
    },
  };
}

/** The size of a file is not told, neither by SIZE nor in the 150 (curl's `RETRNOSIZE`). */
export interface NoSizeFault {
  readonly fault: "no_size";
}

export function noSize(_fault: NoSizeFault): Effect {
  return {
    title: "no size",
    on: "SIZE|RETR",
    turn:
      ({ text }) =>
      async (floor) => {
        if (/^SIZE/i.test(text)) floor.say(printFake({ code: 502, text: "no SIZE here" }));
        else
          floor.say(
            await floor.pass({ preliminary: (reply) => textOf(reply).replace(/ ?\(\d+ bytes\)/, "") }),
          );
      },
  };
}

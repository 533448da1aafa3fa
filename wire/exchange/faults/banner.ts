import type { Effect } from "../fault.ts";

/** Another greeting, or a late one. */
export interface BannerFault {
  readonly fault: "banner";
  /** Whole lines, without the last line end: `554 no`, `HTTP/1.1 400 Bad Request`. @default the server's own */
  readonly text?: string;
  /** @default 0 */
  readonly delayMs?: number;
  /** Hang up behind it. @default when the text begins with 4 or 5 */
  readonly refuse?: boolean;
}

export function banner({ text, delayMs = 0, refuse = /^[45]/.test(text ?? "") }: BannerFault): Effect {
  return {
    title: `banner ${text ?? `${delayMs} ms late`}`,
    on: "greeting",
    turn: () => async (floor) => {
      if (delayMs > 0) await floor.wait(delayMs);
      const own = await floor.pass();
      floor.say(text === undefined ? own : `${text.replaceAll(/\r?\n/g, "\r\n")}\r\n`);
      if (refuse) floor.end();
    },
  };
}

import type { Effect } from "../fault.ts";

/** One reply in many segments. */
export interface SplitFault {
  readonly fault: "split";
  /** @default 1 */
  readonly pieceBytes?: number;
  /** Between two pieces. @default 5 */
  readonly delayMs?: number;
}

export function split({ pieceBytes = 1, delayMs = 5 }: SplitFault): Effect {
  if (!(pieceBytes >= 1)) throw new TypeError("split: pieceBytes must be at least 1");
  return {
    title: `reply in pieces of ${pieceBytes}`,
    turn: () => async (floor) => {
      const said = Buffer.from(await floor.pass());
      for (let at = 0; at < said.length; at += pieceBytes) {
        if (at > 0) await floor.wait(delayMs);
        floor.say(said.subarray(at, at + pieceBytes));
      }
    },
  };
}

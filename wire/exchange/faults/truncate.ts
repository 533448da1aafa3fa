import type { Effect } from "../fault.ts";
import type { Ending } from "./limit-data.ts";

/** Half of an answer, and then nothing, or the end. */
export interface TruncateFault {
  readonly fault: "truncate";
  /** How much of it is said. @default half */
  readonly bytes?: number;
  /** What follows. @default "close" */
  readonly ending?: Ending;
}

export function truncate({ bytes, ending = "close" }: TruncateFault): Effect {
  return {
    title: `truncated reply, ${ending}`,
    turn: () => async (floor) => {
      const passed = await floor.pass();
      const said = typeof passed === "string" ? Buffer.from(passed) : passed;
      floor.say(said.subarray(0, bytes ?? Math.floor(said.length / 2)));
      if (ending === "stall") await floor.gone;
      else if (ending === "close") floor.end();
      else {
        // What was said must have left before: a reset throws away what is still here.
        await floor.wait(10);
        floor.reset();
      }
    },
  };
}

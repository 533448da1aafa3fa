import type { Effect } from "../fault.ts";
import { PacedStage } from "../paced-stage.ts";
import type { ByteFault } from "./byte-fault.ts";

/** Not more than so many bytes in a second. */
export interface BandwidthFault extends ByteFault {
  readonly fault: "bandwidth";
  readonly bytesPerSecond: number;
}

/** How many pieces a second: few enough for the timers, enough to look like a stream. */
const piecesPerSecond = 20;

export function bandwidth({ bytesPerSecond, direction = "S" }: BandwidthFault): Effect {
  if (!(bytesPerSecond > 0)) throw new TypeError("bandwidth: bytesPerSecond must be more than 0");
  const pieceBytes = Math.max(1, Math.floor(bytesPerSecond / piecesPerSecond));
  return {
    title: `bandwidth ${bytesPerSecond} bytes a second`,
    direction,
    stage: () =>
      new PacedStage({
        pieceBytes: () => pieceBytes,
        delayMs: (bytes) => (bytes / bytesPerSecond) * 1_000,
      }),
  };
}

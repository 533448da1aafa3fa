import type { Effect } from "../fault.ts";
import { PacedStage } from "../paced-stage.ts";
import type { ByteFault } from "./byte-fault.ts";

/** Small pieces, each in a write of its own. */
export interface SlicerFault extends ByteFault {
  readonly fault: "slicer";
  readonly averageBytes: number;
  /** Pieces are so many bytes smaller or larger, at most. @default 0 */
  readonly variationBytes?: number;
  /** Between two pieces. @default 0 */
  readonly delayMs?: number;
}

export function slicer({
  averageBytes,
  variationBytes = 0,
  delayMs = 0,
  direction = "S",
}: SlicerFault): Effect {
  if (!(averageBytes >= 1)) throw new TypeError("slicer: averageBytes must be at least 1");
  if (variationBytes >= averageBytes)
    throw new TypeError("slicer: variationBytes must be less than averageBytes");
  return {
    title: `slices of ${averageBytes} bytes`,
    direction,
    stage: (firing) => {
      let pieces = 0;
      return new PacedStage({
        pieceBytes: () => Math.round(averageBytes + (firing.draw(pieces++) * 2 - 1) * variationBytes),
        delayMs: () => delayMs,
      });
    },
  };
}

import type { Effect } from "../fault.ts";
import type { ByteFault } from "./byte-fault.ts";

/** Some bytes arrive as others. */
export interface GarbleFault extends ByteFault {
  readonly fault: "garble";
  /** Which part of the bytes, from 0 to 1. @default 0.01 */
  readonly rate?: number;
  /** Leave CR and LF as they are, so that lines stay lines. @default true */
  readonly keepsLineEnds?: boolean;
}

export function garble({ rate = 0.01, keepsLineEnds = true, direction = "S" }: GarbleFault): Effect {
  return {
    title: `garble ${rate * 100} % of the bytes`,
    direction,
    stage: (firing) => {
      let at = 0;
      return {
        heldBytes: 0,
        write: (bytes, next) => {
          const changed = Buffer.from(bytes);
          for (const [index, byte] of bytes.entries()) {
            const place = at + index;
            if (firing.draw(place * 2) >= rate || (keepsLineEnds && isLineEnd(byte))) continue;
            const other = byte ^ (1 + Math.floor(firing.draw(place * 2 + 1) * 255));
            changed[index] = keepsLineEnds && isLineEnd(other) ? other ^ 0x80 : other;
          }
          at += bytes.length;
          next.write(changed);
        },
        end: (next) => next.end(),
      };
    },
  };
}

const isLineEnd = (byte: number): boolean => byte === 0x0d || byte === 0x0a;

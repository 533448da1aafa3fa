import type { Effect } from "../fault.ts";
import { printFake } from "./replies.ts";

/** Too much of something in too short a time, from one address. */
export interface RateLimitFault {
  readonly fault: "rate_limit";
  /** How often it is allowed within a window. */
  readonly limit: number;
  /** @default 60_000 */
  readonly windowMs?: number;
  /** With 421 the connection ends. @default 421 */
  readonly code?: number;
}

export function rateLimit({ limit, windowMs = 60_000, code = 421 }: RateLimitFault): Effect {
  const said = printFake({ code, text: "4.7.0 too many, slow down" });
  const times = new Map<string, number[]>();
  return {
    title: `rate limit ${limit} in ${windowMs} ms`,
    on: "MAIL",
    turn: ({ remoteAddress }) => {
      const now = performance.now();
      const recent = (times.get(remoteAddress) ?? []).filter((atMs) => now - atMs < windowMs);
      times.set(remoteAddress, recent);
      if (recent.length < limit) {
        recent.push(now);
        return undefined;
      }
      return async (floor) => {
        floor.say(said);
        if (code !== 421) return;
        floor.end();
        await floor.gone;
      };
    },
  };
}

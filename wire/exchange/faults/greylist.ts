import type { Effect } from "../fault.ts";
import { printFake } from "./replies.ts";

/**
 * Greylisting: a recipient is refused for now, until the same client comes back with the same sender and recipient
 * often or late enough.
 * @see RFC 6647
 */
export interface GreylistFault {
  readonly fault: "greylist";
  /** How often it is refused. @default 1 */
  readonly refusals?: number;
  /** How long before it is accepted, however often it is tried. @default 0 */
  readonly windowMs?: number;
}

export function greylist({ refusals = 1, windowMs = 0 }: GreylistFault): Effect {
  const said = printFake({ code: 450, text: "4.7.1 greylisted, try again later" });
  const known = new Map<string, { times: number; readonly sinceMs: number }>();
  return {
    title: "greylisted",
    on: "RCPT",
    turn: ({ remoteAddress, sender, text }) => {
      const triplet = `${remoteAddress} ${sender} ${/<([^>]*)>/.exec(text)?.[1] ?? text}`.toLowerCase();
      const now = performance.now();
      const seen = known.get(triplet) ?? { times: 0, sinceMs: now };
      known.set(triplet, seen);
      if (seen.times >= refusals && now - seen.sinceMs >= windowMs) return undefined;
      seen.times++;
      return (floor) => Promise.resolve(floor.say(said));
    },
  };
}

import { integerOf } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import type { Clock } from "../../../wire/clock.ts";

const furthest = Number.MAX_SAFE_INTEGER;

/**
 * The end that `EX 10`, `PX 10`, `EXAT 10` or `PXAT 10` mean, in milliseconds since the epoch.
 * @param name of the command, for the complaint
 * @throws Refusal for another unit, or a time that is none
 */
export function endOf(unit: string, amount: string, name: string, clock: Clock): number {
  if (!["ex", "px", "exat", "pxat"].includes(unit)) refuse(syntaxError);
  const number = integerOf(amount);
  const ms = unit.startsWith("e") ? number * 1_000 : number;
  const atMs = unit.endsWith("at") ? ms : clock.now() + ms;
  return number <= 0 || atMs > furthest ? refuse(`invalid expire time in '${name}' command`) : atMs;
}

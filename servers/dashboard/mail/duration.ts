import { Refusal } from "../refusal.ts";

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `500ms`, `10s`, `5m`, `2h`, `3d`; a number alone is seconds. @throws Refusal 400 */
export function durationMs(written: string, name: string): number {
  const [, amount, unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(written.trim()) ?? [];
  const perUnit = unitMs[unit];
  if (amount === undefined || perUnit === undefined) {
    throw new Refusal(400, `${name} must be a time such as 10s, 500ms or 2m, got ${JSON.stringify(written)}`);
  }
  return Number(amount) * perUnit;
}

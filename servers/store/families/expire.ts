import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { refuse } from "../refusal.ts";
import { integer, yes } from "../reply.ts";

/** EXPIRE and its like: the unit of the argument, and whether it counts from now. */
export function expiring(name: string, unitMs: number, isFromNow: boolean): Command {
  return {
    name,
    arity: -3,
    flags: ["write", "fast"],
    keys: [1, 1, 1],
    run: (words, { db, engine }) => {
      const key = words[1]!;
      const nowMs = engine.clock.now();
      const amount = integerOf(words[2]!);
      const atMs = (isFromNow ? nowMs : 0) + amount * unitMs;
      if (Math.abs(atMs) > Number.MAX_SAFE_INTEGER) refuse(`invalid expire time in '${name}' command`);
      const condition = conditionOf(words.slice(3));
      if (!db.has(key) || !condition(atMs, db.expiries.get(key))) return yes(false);
      if (atMs <= nowMs && !engine.isLoading) {
        db.remove(key);
        engine.instead("DEL", key);
      } else {
        db.expireAt(key, atMs);
        engine.instead("PEXPIREAT", key, String(atMs));
      }
      return yes(true);
    },
  };
}

type Condition = (atMs: number, beforeMs: number | undefined) => boolean;

/** NX, XX, GT and LT, as far as they go together. A key without an end ends later than every other. */
function conditionOf(words: readonly string[]): Condition {
  const given = new Set(words.map((word) => word.toLowerCase()));
  for (const word of given)
    if (!["nx", "xx", "gt", "lt"].includes(word)) refuse(`Unsupported option ${words[0]}`);
  if (given.has("nx") && given.size > 1)
    refuse("NX and XX, GT or LT options at the same time are not compatible");
  if (given.has("gt") && given.has("lt")) refuse("GT and LT options at the same time are not compatible");
  return (atMs, beforeMs) =>
    !(given.has("nx") && beforeMs !== undefined) &&
    !(given.has("xx") && beforeMs === undefined) &&
    !(given.has("gt") && atMs <= (beforeMs ?? Infinity)) &&
    !(given.has("lt") && atMs >= (beforeMs ?? Infinity));
}

export function telling(name: string, tell: (atMs: number, nowMs: number) => number): Command {
  return {
    name,
    arity: 2,
    flags: ["readonly", "fast"],
    keys: [1, 1, 1],
    run: (words, { db, engine }) => {
      if (!db.has(words[1]!)) return integer(-2);
      const atMs = db.expiries.get(words[1]!);
      return integer(atMs === undefined ? -1 : tell(atMs, engine.clock.now()));
    },
  };
}

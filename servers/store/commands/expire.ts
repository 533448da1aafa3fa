import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { integer, yes } from "../reply.ts";
import { refuse } from "../refusal.ts";

/** EXPIRE and its like: the unit of the argument, and whether it counts from now. */
function expiring(name: string, unitMs: number, isFromNow: boolean): Command {
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

export const expire = expiring("expire", 1_000, true);
export const pExpire = expiring("pexpire", 1, true);
export const expireAt = expiring("expireat", 1_000, false);
export const pExpireAt = expiring("pexpireat", 1, false);

function telling(name: string, tell: (atMs: number, nowMs: number) => number): Command {
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

export const ttl = telling("ttl", (atMs, nowMs) => Math.floor((Math.max(atMs - nowMs, 0) + 500) / 1_000));
export const pTtl = telling("pttl", (atMs, nowMs) => Math.max(atMs - nowMs, 0));
export const expireTime = telling("expiretime", (atMs) => Math.floor((atMs + 500) / 1_000));
export const pExpireTime = telling("pexpiretime", (atMs) => atMs);

export const persist: Command = {
  name: "persist",
  arity: 2,
  flags: ["write", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => yes(db.has(words[1]!) && db.persist(words[1]!)),
};

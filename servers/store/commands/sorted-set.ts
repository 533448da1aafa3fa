import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { doubleOf, integerOf, integerWithin } from "../numbers.ts";
import { array, bulk, double, emptyArray, integer, nil, scored } from "../reply.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { SortedSet } from "../values/sorted-set.ts";
import { sample } from "./sample.ts";

interface AddOptions {
  nx: boolean;
  xx: boolean;
  gt: boolean;
  lt: boolean;
  ch: boolean;
  incr: boolean;
}

export const zAdd: Command = {
  name: "zadd",
  arity: -4,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    const key = words[1]!;
    const { options, at } = addOptionsOf(words);
    const pairs: { score: number; member: string }[] = [];
    for (let place = at; place < words.length; place += 2)
      pairs.push({ score: doubleOf(words[place]!), member: words[place + 1]! });
    const known = db.of(key, SortedSet);
    if (!known && options.xx) return options.incr ? nil(version) : integer(0);
    const zset = known ?? new SortedSet();
    let added = 0;
    let updated = 0;
    let last: number | undefined;
    for (const { score, member } of pairs) {
      const before = zset.score(member);
      const after = options.incr && before !== undefined ? before + score : score;
      if (before !== undefined && options.nx) continue;
      if (Number.isNaN(after)) refuse("resulting score is not a number (NaN)");
      if (before === undefined ? options.xx : isKept(options, before, after)) continue;
      last = after;
      if (before === undefined) added++;
      else if (before !== after) updated++;
      if (before !== after) zset.put(member, after);
    }
    if (added + updated > 0) {
      if (known) db.changed(key);
      else db.set(key, zset);
    }
    if (options.incr) return last === undefined ? nil(version) : double(version, last);
    return integer(options.ch ? added + updated : added);
  },
};

function isKept({ gt, lt }: AddOptions, before: number, after: number): boolean {
  return (gt && after <= before) || (lt && after >= before);
}

function addOptionsOf(words: readonly string[]): { options: AddOptions; at: number } {
  const options = { nx: false, xx: false, gt: false, lt: false, ch: false, incr: false };
  let at = 2;
  for (; at < words.length; at++) {
    const word = words[at]!.toLowerCase();
    if (!Object.hasOwn(options, word)) break;
    options[word as keyof AddOptions] = true;
  }
  const rest = words.length - at;
  if (rest === 0 || rest % 2 !== 0) refuse(syntaxError);
  if (options.nx && options.xx) refuse("XX and NX options at the same time are not compatible");
  if ((options.gt && options.lt) || (options.nx && (options.gt || options.lt)))
    refuse("GT, LT, and/or NX options at the same time are not compatible");
  if (options.incr && rest > 2) refuse("INCR option supports a single increment-element pair");
  return { options, at };
}

export const zIncrBy: Command = {
  name: "zincrby",
  arity: 4,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    const [, key = "", increment = "", member = ""] = words;
    const amount = doubleOf(increment);
    const after = (db.of(key, SortedSet)?.score(member) ?? 0) + amount;
    if (Number.isNaN(after)) refuse("resulting score is not a number (NaN)");
    db.made(key, SortedSet).put(member, after);
    db.changed(key);
    return double(version, after);
  },
};

export const zRem: Command = {
  name: "zrem",
  arity: -3,
  flags: ["write", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const zset = db.of(words[1]!, SortedSet);
    let removed = 0;
    for (let at = 2; at < words.length; at++) if (zset?.remove(words[at]!)) removed++;
    if (removed > 0) db.changed(words[1]!);
    return integer(removed);
  },
};

function scoreOrNil({ version }: Client, score: number | undefined): string {
  return score === undefined ? nil(version) : double(version, score);
}

export const zScore: Command = {
  name: "zscore",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, client) => scoreOrNil(client, client.db.of(words[1]!, SortedSet)?.score(words[2]!)),
};

export const zMScore: Command = {
  name: "zmscore",
  arity: -3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, client) => {
    const zset = client.db.of(words[1]!, SortedSet);
    return array(words.slice(2).map((member) => scoreOrNil(client, zset?.score(member))));
  },
};

export const zCard: Command = {
  name: "zcard",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => integer(db.of(words[1]!, SortedSet)?.size ?? 0),
};

function ranking(name: string, isReversed: boolean): Command {
  return {
    name,
    arity: 3,
    flags: ["readonly", "fast"],
    keys: [1, 1, 1],
    run: (words, { db, version }) => {
      const zset = db.of(words[1]!, SortedSet);
      const rank = zset?.rank(words[2]!);
      if (!zset || rank === undefined) return nil(version);
      return integer(isReversed ? zset.size - 1 - rank : rank);
    },
  };
}

export const zRank = ranking("zrank", false);
export const zRevRank = ranking("zrevrank", true);

export const zRandMember: Command = {
  name: "zrandmember",
  arity: -2,
  flags: ["readonly"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    if (words.length > 4 || (words.length === 4 && words[3]!.toLowerCase() !== "withscores"))
      refuse(syntaxError);
    const count = words[2] === undefined ? undefined : integerOf(words[2]);
    const zset = db.of(words[1]!, SortedSet);
    if (!zset) return count === undefined ? nil(version) : emptyArray;
    const found = sample([...zset], count ?? 1);
    if (count === undefined) return bulk(found[0]!.member);
    return words.length === 4 ? scored(version, found) : array(found.map(({ member }) => bulk(member)));
  },
};

function popping(name: string, isReversed: boolean): Command {
  return {
    name,
    arity: -2,
    flags: ["write", "fast"],
    keys: [1, 1, 1],
    run: (words, { db, version }) => {
      const key = words[1]!;
      if (words.length > 3) refuse(syntaxError);
      const outOfRange = "value is out of range, must be positive";
      const count = words[2] === undefined ? undefined : integerWithin(words[2], 0, Infinity, outOfRange);
      const zset = db.of(key, SortedSet);
      if (!zset) return emptyArray;
      const popped = popScored(zset, isReversed, count ?? 1);
      if (popped.length > 0) db.changed(key);
      // Without a count RESP3 has one flat pair, with one it has pairs.
      return count === undefined
        ? array(popped.flatMap(({ member, score }) => [bulk(member), double(version, score)]))
        : scored(version, popped);
    },
  };
}

/** Take the first entries, or the last ones, out of a sorted set. */
export function popScored(
  zset: SortedSet,
  isReversed: boolean,
  count: number,
): { member: string; score: number }[] {
  const many = Math.min(count, zset.size);
  const popped = isReversed
    ? zset.range(zset.size - many, zset.size - 1).toReversed()
    : zset.range(0, many - 1);
  for (const { member } of popped) zset.remove(member);
  return popped;
}

export const zPopMin = popping("zpopmin", false);
export const zPopMax = popping("zpopmax", true);

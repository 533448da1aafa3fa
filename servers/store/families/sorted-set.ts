import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { integerWithin } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { array, bulk, double, emptyArray, integer, nil, scored } from "../reply.ts";
import { SortedSet } from "../values/sorted-set.ts";

export function scoreOrNil({ version }: Client, score: number | undefined): string {
  return score === undefined ? nil(version) : double(version, score);
}

export function ranking(name: string, isReversed: boolean): Command {
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

export function popping(name: string, isReversed: boolean): Command {
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

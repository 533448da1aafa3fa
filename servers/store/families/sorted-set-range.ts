import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { bulks, integer, scored } from "../reply.ts";
import { type Bounds, rankBounds, scoreBounds, wordBounds } from "./sorted-set-bounds.ts";
import { type Scored, SortedSet } from "../values/sorted-set.ts";

type By = "rank" | "score" | "lex";

const boundsBy = { rank: rankBounds, score: scoreBounds, lex: wordBounds } as const;

interface RangeOptions {
  by: By;
  isReversed: boolean;
  withScores: boolean;
  offset: number;
  count: number;
}

/** What stands behind the bounds. @param isFree whether the words may say BYSCORE, BYLEX and REV */
export function optionsOf(
  words: readonly string[],
  from: number,
  by: By,
  isReversed: boolean,
  isFree: boolean,
): RangeOptions {
  const options: RangeOptions = { by, isReversed, withScores: false, offset: 0, count: -1 };
  let isLimited = false;
  for (let at = from; at < words.length; at++) {
    const word = words[at]!.toLowerCase();
    if (word === "withscores") options.withScores = true;
    else if (word === "limit" && at + 2 < words.length) {
      options.offset = integerOf(words[++at]!);
      options.count = integerOf(words[++at]!);
      isLimited = true;
    } else if (isFree && word === "byscore") options.by = "score";
    else if (isFree && word === "bylex") options.by = "lex";
    else if (isFree && word === "rev") options.isReversed = true;
    else refuse(syntaxError);
  }
  if (isLimited && options.by === "rank")
    refuse("syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
  if (options.withScores && options.by === "lex")
    refuse("syntax error, WITHSCORES not supported in combination with BYLEX");
  return options;
}

export function boundsOf(start: string, stop: string, { by, isReversed }: RangeOptions): Bounds {
  // A reversed range by score or word says its upper bound first; by rank it counts from the end.
  return isReversed && by !== "rank" ? boundsBy[by](stop, start) : boundsBy[by](start, stop);
}

export function entriesOf(zset: SortedSet | undefined, bounds: Bounds, options: RangeOptions): Scored[] {
  if (!zset) return [];
  const { by, isReversed, offset, count } = options;
  let [first, end] = bounds(zset);
  if (by === "rank" && isReversed) [first, end] = [zset.size - end, zset.size - first];
  if (offset < 0) return [];
  const most = count < 0 ? Infinity : count;
  if (isReversed) return zset.range(Math.max(first, end - offset - most), end - offset - 1).toReversed();
  return zset.range(first + offset, Math.min(end, first + offset + most) - 1);
}

export function ranging(name: string, by: By, isReversed: boolean): Command {
  return {
    name,
    arity: -4,
    flags: ["readonly"],
    keys: [1, 1, 1],
    run: (words, { db, version }) => {
      const options = optionsOf(words, 4, by, isReversed, name === "zrange");
      const bounds = boundsOf(words[2]!, words[3]!, options);
      const entries = entriesOf(db.of(words[1]!, SortedSet), bounds, options);
      return options.withScores ? scored(version, entries) : bulks(entries.map(({ member }) => member));
    },
  };
}

/** Put entries under a key, or remove the key when there are none. */
export function storeEntries({ db }: Pick<Client, "db">, key: string, entries: Iterable<Scored>): string {
  const result = new SortedSet();
  for (const { member, score } of entries) result.put(member, score);
  if (result.size > 0) db.set(key, result);
  else db.remove(key);
  return integer(result.size);
}

export function counting(name: string, by: "score" | "lex"): Command {
  return {
    name,
    arity: 4,
    flags: ["readonly", "fast"],
    keys: [1, 1, 1],
    run: (words, { db }) => {
      const bounds = boundsBy[by](words[2]!, words[3]!);
      const zset = db.of(words[1]!, SortedSet);
      if (!zset) return integer(0);
      const [first, end] = bounds(zset);
      return integer(Math.max(end - first, 0));
    },
  };
}

export function removing(name: string, by: By): Command {
  return {
    name,
    arity: 4,
    flags: ["write"],
    keys: [1, 1, 1],
    run: (words, { db }) => {
      const bounds = boundsBy[by](words[2]!, words[3]!);
      const zset = db.of(words[1]!, SortedSet);
      if (!zset) return integer(0);
      const [first, end] = bounds(zset);
      const entries = zset.range(first, end - 1);
      for (const { member } of entries) zset.remove(member);
      if (entries.length > 0) db.changed(words[1]!);
      return integer(entries.length);
    },
  };
}

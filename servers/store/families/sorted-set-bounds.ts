import { integerOf, readDouble } from "../numbers.ts";
import { refuse } from "../refusal.ts";
import type { Scored, SortedSet } from "../values/sorted-set.ts";

/** The ranks of the entries between two bounds, the first one and the one behind the last. */
export type Bounds = (zset: SortedSet) => readonly [first: number, end: number];

interface Bound<Value> {
  readonly value: Value;
  readonly isExclusive: boolean;
}

function scoreBound(word: string): Bound<number> {
  const isExclusive = word.startsWith("(");
  const value = readDouble(isExclusive ? word.slice(1) : word);
  return value === undefined ? refuse("min or max is not a float") : { value, isExclusive };
}

/** `1 5`, `(1 5`, `-inf +inf`. @throws Refusal */
export function scoreBounds(min: string, max: string): Bounds {
  const [low, high] = [scoreBound(min), scoreBound(max)];
  const isBelow = ({ score }: Scored): boolean => (low.isExclusive ? score <= low.value : score < low.value);
  const isWithin = ({ score }: Scored): boolean =>
    high.isExclusive ? score < high.value : score <= high.value;
  return (zset) => [zset.countBefore(isBelow), zset.countBefore(isWithin)];
}

type Edge = Bound<string> | "-" | "+";

function edge(word: string): Edge {
  if (word === "-" || word === "+") return word;
  if (word.startsWith("[")) return { value: word.slice(1), isExclusive: false };
  if (word.startsWith("(")) return { value: word.slice(1), isExclusive: true };
  return refuse("min or max not valid string range item");
}

/** `- +`, `[a (c`, for members of one score. @throws Refusal */
export function wordBounds(min: string, max: string): Bounds {
  const [low, high] = [edge(min), edge(max)];
  const isBefore = (bound: Edge, includesEqual: boolean) => {
    if (typeof bound === "string") return () => bound === "+";
    return ({ member }: Scored): boolean => member < bound.value || (includesEqual && member === bound.value);
  };
  const isBelow = isBefore(low, typeof low !== "string" && low.isExclusive);
  const isWithin = isBefore(high, typeof high !== "string" && !high.isExclusive);
  return (zset) => [zset.countBefore(isBelow), zset.countBefore(isWithin)];
}

/** `0 -1`: ranks, of which negative ones count from the end. @throws Refusal */
export function rankBounds(start: string, stop: string): Bounds {
  const [from, to] = [integerOf(start), integerOf(stop)];
  return ({ size }) => [
    Math.max(from < 0 ? from + size : from, 0),
    Math.min(to < 0 ? to + size : to, size - 1) + 1,
  ];
}

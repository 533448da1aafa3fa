import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { doubleOf, integerWithin } from "../numbers.ts";
import { refuse, refuseKind, syntaxError } from "../refusal.ts";
import { bulks, scored } from "../reply.ts";
import { storeEntries } from "./sorted-set-range.ts";
import { Members } from "../values/members.ts";
import { SortedSet } from "../values/sorted-set.ts";

type Operation = "union" | "inter" | "diff";

type Scores = ReadonlyMap<string, number>;

interface Plan {
  readonly sources: readonly Scores[];
  readonly weights: readonly number[];
  readonly aggregate: (a: number, b: number) => number;
  readonly withScores: boolean;
}

const aggregates: Readonly<Record<string, (a: number, b: number) => number>> = {
  // Infinities of both signs have no sum; Redis calls it 0.
  sum: (a, b) => (Number.isNaN(a + b) ? 0 : a + b),
  min: Math.min,
  max: Math.max,
};

/** `numkeys key … [WEIGHTS …] [AGGREGATE …] [WITHSCORES]` from a place on. */
export function planOf(
  words: readonly string[],
  from: number,
  client: Client,
  operation: Operation,
  stores: boolean,
): Plan {
  const name = words[0]!.toLowerCase();
  const atLeastOne = `at least 1 input key is needed for '${name}' command`;
  const many = integerWithin(words[from]!, 1, Infinity, atLeastOne);
  const keys = words.slice(from + 1, from + 1 + many);
  if (keys.length < many) refuse(syntaxError);
  let weights = keys.map(() => 1);
  let aggregate = aggregates["sum"]!;
  let withScores = false;
  for (let at = from + 1 + many; at < words.length; at++) {
    const word = words[at]!.toLowerCase();
    if (word === "weights" && operation !== "diff" && at + many < words.length) {
      weights = words
        .slice(at + 1, at + 1 + many)
        .map((text) => doubleOf(text, "weight value is not a float"));
      at += many;
    } else if (word === "aggregate" && operation !== "diff" && at + 1 < words.length) {
      const wanted = words[++at]!.toLowerCase();
      aggregate = Object.hasOwn(aggregates, wanted) ? aggregates[wanted]! : refuse(syntaxError);
    } else if (word === "withscores" && !stores) withScores = true;
    else refuse(syntaxError);
  }
  return { sources: keys.map((key) => scoresOf(client, key)), weights, aggregate, withScores };
}

/** A plain set counts as members that all have the score 1. */
function scoresOf({ db }: Client, key: string): Scores {
  const value = db.get(key);
  if (value === undefined) return new Map();
  if (value instanceof SortedSet) return value.scores;
  if (value instanceof Members) return new Map([...value.members].map((member) => [member, 1]));
  return refuseKind();
}

export function result({ sources, weights, aggregate }: Plan, operation: Operation): SortedSet {
  const scores = new Map<string, number>();
  const weighted = (score: number, index: number): number => {
    const product = score * (weights[index] ?? 1);
    return Number.isNaN(product) ? 0 : product;
  };
  const [first = new Map<string, number>(), ...others] = sources;
  if (operation === "union") {
    for (const [index, source] of sources.entries())
      for (const [member, score] of source) {
        const before = scores.get(member);
        const own = weighted(score, index);
        scores.set(member, before === undefined ? own : aggregate(before, own));
      }
  } else {
    const wanted = operation === "inter";
    for (const [member, score] of first) {
      if (!others.every((other) => other.has(member) === wanted)) continue;
      let total = weighted(score, 0);
      if (wanted)
        for (const [index, other] of others.entries())
          total = aggregate(total, weighted(other.get(member)!, index + 1));
      scores.set(member, total);
    }
  }
  const zset = new SortedSet();
  for (const [member, score] of scores) zset.put(member, score);
  return zset;
}

export function asking(name: string, operation: Operation): Command {
  return {
    name,
    arity: -3,
    flags: ["readonly"],
    run: (words, client) => {
      const plan = planOf(words, 1, client, operation, false);
      const entries = [...result(plan, operation)];
      return plan.withScores ? scored(client.version, entries) : bulks(entries.map(({ member }) => member));
    },
  };
}

export function storing(name: string, operation: Operation): Command {
  return {
    name,
    arity: -4,
    flags: ["write", "denyoom"],
    keys: [1, 1, 1],
    run: (words, client) =>
      storeEntries(client, words[1]!, result(planOf(words, 2, client, operation, true), operation)),
  };
}

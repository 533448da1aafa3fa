import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { integerWithin } from "../numbers.ts";
import { integer, set } from "../reply.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { Members } from "../values/members.ts";

type Algebra = (sets: readonly ReadonlySet<string>[]) => Set<string>;

const none: ReadonlySet<string> = new Set();

const union: Algebra = (sets) => {
  const all = new Set<string>();
  for (const members of sets) for (const member of members) all.add(member);
  return all;
};

const inter: Algebra = (sets) => {
  const [smallest = none, ...others] = sets.toSorted((a, b) => a.size - b.size);
  return new Set([...smallest].filter((member) => others.every((other) => other.has(member))));
};

const diff: Algebra = ([first = none, ...others]) =>
  new Set([...first].filter((member) => !others.some((other) => other.has(member))));

function setsOf({ db }: Client, keys: readonly string[]): ReadonlySet<string>[] {
  return keys.map((key) => db.of(key, Members)?.members ?? none);
}

function asking(name: string, algebra: Algebra): Command {
  return {
    name,
    arity: -2,
    flags: ["readonly"],
    keys: [1, -1, 1],
    run: (words, client) => {
      const result = new Members();
      for (const member of algebra(setsOf(client, words.slice(1)))) result.add(member);
      return set(client.version, result.list());
    },
  };
}

function storing(name: string, algebra: Algebra): Command {
  return {
    name,
    arity: -3,
    flags: ["write", "denyoom"],
    keys: [1, -1, 1],
    run: (words, client) => {
      const result = new Members();
      for (const member of algebra(setsOf(client, words.slice(2)))) result.add(member);
      if (result.size > 0) client.db.set(words[1]!, result);
      else client.db.remove(words[1]!);
      return integer(result.size);
    },
  };
}

export const sInter = asking("sinter", inter);
export const sUnion = asking("sunion", union);
export const sDiff = asking("sdiff", diff);
export const sInterStore = storing("sinterstore", inter);
export const sUnionStore = storing("sunionstore", union);
export const sDiffStore = storing("sdiffstore", diff);

export const sInterCard: Command = {
  name: "sintercard",
  arity: -3,
  flags: ["readonly"],
  run: (words, client) => {
    const many = integerWithin(words[1]!, 1, Infinity, "numkeys should be greater than 0");
    if (many > words.length - 2) refuse("Number of keys can't be greater than number of args");
    const [option, amount, ...more] = words.slice(2 + many);
    let limit = 0;
    if (option !== undefined) {
      if (option.toLowerCase() !== "limit" || amount === undefined || more.length > 0) refuse(syntaxError);
      limit = integerWithin(amount ?? "", 0, Infinity, "LIMIT can't be negative");
    }
    const { size } = inter(setsOf(client, words.slice(2, 2 + many)));
    return integer(limit > 0 ? Math.min(size, limit) : size);
  },
};

import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { integer, set } from "../reply.ts";
import { Members } from "../values/members.ts";

type Algebra = (sets: readonly ReadonlySet<string>[]) => Set<string>;

const none: ReadonlySet<string> = new Set();

export const union: Algebra = (sets) => {
  const all = new Set<string>();
  for (const members of sets) for (const member of members) all.add(member);
  return all;
};

export const inter: Algebra = (sets) => {
  const [smallest = none, ...others] = sets.toSorted((a, b) => a.size - b.size);
  return new Set([...smallest].filter((member) => others.every((other) => other.has(member))));
};

export const diff: Algebra = ([first = none, ...others]) =>
  new Set([...first].filter((member) => !others.some((other) => other.has(member))));

export function setsOf({ db }: Client, keys: readonly string[]): ReadonlySet<string>[] {
  return keys.map((key) => db.of(key, Members)?.members ?? none);
}

export function asking(name: string, algebra: Algebra): Command {
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

export function storing(name: string, algebra: Algebra): Command {
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

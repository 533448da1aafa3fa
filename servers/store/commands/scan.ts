import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import type { Page } from "../cursors.ts";
import { integerOf, printDouble } from "../numbers.ts";
import { matcher } from "../pattern.ts";
import { array, bulk, bulks } from "../reply.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { typeOf } from "../value.ts";
import { Hash } from "../values/hash.ts";
import { Members } from "../values/members.ts";
import { SortedSet } from "../values/sorted-set.ts";

interface ScanOptions {
  readonly cursor: number;
  readonly count: number;
  readonly type: string | undefined;
  readonly matches: (name: string) => boolean;
}

function optionsOf(words: readonly string[], at: number, hasType: boolean): ScanOptions {
  const cursor = /^\d{1,20}$/.test(words[at]!) ? Number(words[at]) : refuse("invalid cursor");
  let count = 10;
  let pattern = "*";
  let type: string | undefined;
  for (let place = at + 1; place < words.length; place += 2) {
    const option = words[place]!.toLowerCase();
    const value = words[place + 1];
    if (value === undefined) return refuse(syntaxError);
    if (option === "count") {
      count = integerOf(value);
      if (count < 1) refuse(syntaxError);
    } else if (option === "match") pattern = value;
    else if (option === "type" && hasType) type = value.toLowerCase();
    else refuse(syntaxError);
  }
  return { cursor, count, type, matches: matcher(pattern) };
}

function pageReply({ cursor }: Page, items: readonly string[]): string {
  return array([bulk(String(cursor)), bulks(items)]);
}

export const scan: Command = {
  name: "scan",
  arity: -2,
  flags: ["readonly"],
  run: (words, { db, engine }) => {
    const { cursor, count, type, matches } = optionsOf(words, 1, true);
    const page = engine.cursors.scan(cursor, count, db.entries);
    const names = page.names.filter(
      (name) =>
        matches(name) &&
        !db.expireIfDue(name) &&
        (type === undefined || typeOf(db.entries.get(name)) === type),
    );
    return pageReply(page, names);
  },
};

/** A collection that is small and kept compactly is given at once, as in Redis. */
const allAtOnce = 128;

function scanning(
  name: string,
  sourceOf: (client: Client, key: string) => ReadonlyMap<string, unknown> | ReadonlySet<string> | undefined,
  itemsOf: (name: string, source: ReadonlyMap<string, unknown>) => readonly string[],
): Command {
  return {
    name,
    arity: -3,
    flags: ["readonly"],
    keys: [1, 1, 1],
    run: (words, client) => {
      const { cursor, count, matches } = optionsOf(words, 2, false);
      const source = sourceOf(client, words[1]!);
      if (!source) return pageReply({ cursor: 0, names: [] }, []);
      const page = client.engine.cursors.scan(cursor, source.size <= allAtOnce ? source.size : count, source);
      return pageReply(
        page,
        page.names.filter(matches).flatMap((item) => itemsOf(item, source as ReadonlyMap<string, unknown>)),
      );
    },
  };
}

export const hScan = scanning(
  "hscan",
  ({ db }, key) => db.of(key, Hash)?.fields,
  (field, fields) => [field, String(fields.get(field))],
);
export const sScan = scanning(
  "sscan",
  ({ db }, key) => db.of(key, Members)?.members,
  (member) => [member],
);
export const zScan = scanning(
  "zscan",
  ({ db }, key) => db.of(key, SortedSet)?.scores,
  (member, scores) => [member, printDouble(Number(scores.get(member)))],
);

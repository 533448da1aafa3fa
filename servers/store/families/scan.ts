import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import type { Page } from "../cursors.ts";
import { integerOf } from "../numbers.ts";
import { matcher } from "../pattern.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { array, bulk, bulks } from "../reply.ts";

interface ScanOptions {
  readonly cursor: number;
  readonly count: number;
  readonly type: string | undefined;
  readonly matches: (name: string) => boolean;
}

export function optionsOf(words: readonly string[], at: number, hasType: boolean): ScanOptions {
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

export function pageReply({ cursor }: Page, items: readonly string[]): string {
  return array([bulk(String(cursor)), bulks(items)]);
}

/** A collection that is small and kept compactly is given at once, as in Redis. */
const allAtOnce = 128;

export function scanning(
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

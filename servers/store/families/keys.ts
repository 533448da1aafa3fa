import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { refuse } from "../refusal.ts";
import { integer } from "../reply.ts";

export function counting(
  name: string,
  flags: Command["flags"],
  act: (client: Client, key: string) => boolean,
): Command {
  return {
    name,
    arity: -2,
    flags,
    keys: [1, -1, 1],
    run: (words, client) => {
      let count = 0;
      for (let at = 1; at < words.length; at++) if (act(client, words[at]!)) count++;
      return integer(count);
    },
  };
}

export function move(client: Client, from: string, to: string): void {
  const { db } = client;
  const value = db.get(from);
  if (value === undefined) return refuse("no such key");
  if (from === to) return;
  const atMs = db.expiries.get(from);
  db.remove(from);
  db.remove(to);
  db.set(to, value);
  if (atMs !== undefined) db.expireAt(to, atMs);
}

export function databaseOf(word: string, { engine }: Client): Client["db"] {
  return engine.databases[integerOf(word)] ?? refuse("DB index is out of range");
}

import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { matcher } from "../pattern.ts";
import { integerOf } from "../numbers.ts";
import { bulkOrNil, bulks, integer, ok, simple, yes } from "../reply.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { typeOf } from "../value.ts";

function counting(
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

export const exists = counting("exists", ["readonly", "fast"], ({ db }, key) => db.has(key));
export const touch = counting("touch", ["readonly", "fast"], ({ db }, key) => db.has(key));
export const del = counting("del", ["write"], ({ db }, key) => db.remove(key));
export const unlink = counting("unlink", ["write", "fast"], ({ db }, key) => db.remove(key));

export const type: Command = {
  name: "type",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => simple(typeOf(db.get(words[1]!))),
};

export const keys: Command = {
  name: "keys",
  arity: 2,
  flags: ["readonly"],
  run: (words, { db }) => {
    const matches = matcher(words[1]!);
    return bulks([...db.entries.keys()].filter((key) => matches(key) && !db.expireIfDue(key)));
  },
};

export const randomKey: Command = {
  name: "randomkey",
  arity: 1,
  flags: ["readonly"],
  run: (_, { db, version }) => {
    let key = db.entries.anyKey();
    while (key !== undefined && db.expireIfDue(key)) key = db.entries.anyKey();
    return bulkOrNil(version, key);
  },
};

function move(client: Client, from: string, to: string): void {
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

export const rename: Command = {
  name: "rename",
  arity: 3,
  flags: ["write"],
  keys: [1, 2, 1],
  run: (words, client) => {
    move(client, words[1]!, words[2]!);
    return ok;
  },
};

export const renameNx: Command = {
  name: "renamenx",
  arity: 3,
  flags: ["write", "fast"],
  keys: [1, 2, 1],
  run: (words, client) => {
    if (!client.db.has(words[1]!)) refuse("no such key");
    if (client.db.has(words[2]!)) return yes(false);
    move(client, words[1]!, words[2]!);
    return yes(true);
  },
};

function databaseOf(word: string, { engine }: Client): Client["db"] {
  return engine.databases[integerOf(word)] ?? refuse("DB index is out of range");
}

export const moveKey: Command = {
  name: "move",
  arity: 3,
  flags: ["write", "fast"],
  keys: [1, 1, 1],
  run: (words, client) => {
    const key = words[1]!;
    const target = databaseOf(words[2]!, client);
    if (target === client.db) refuse("source and destination objects are the same");
    const value = client.db.get(key);
    if (value === undefined || target.has(key)) return yes(false);
    const atMs = client.db.expiries.get(key);
    client.db.remove(key);
    target.set(key, value);
    if (atMs !== undefined) target.expireAt(key, atMs);
    return yes(true);
  },
};

export const copy: Command = {
  name: "copy",
  arity: -3,
  flags: ["write", "denyoom"],
  keys: [1, 2, 1],
  run: (words, client) => {
    const [, from = "", to = ""] = words;
    let target = client.db;
    let replaces = false;
    for (let at = 3; at < words.length; at++) {
      const word = words[at]!.toLowerCase();
      if (word === "replace") replaces = true;
      else if (word === "db" && words[at + 1] !== undefined) target = databaseOf(words[++at]!, client);
      else refuse(syntaxError);
    }
    if (target === client.db && from === to) refuse("source and destination objects are the same");
    const value = client.db.get(from);
    if (value === undefined) return yes(false);
    if (target.has(to) && !replaces) return yes(false);
    const atMs = client.db.expiries.get(from);
    target.remove(to);
    target.set(to, typeof value === "string" ? value : value.copy());
    if (atMs !== undefined) target.expireAt(to, atMs);
    return yes(true);
  },
};

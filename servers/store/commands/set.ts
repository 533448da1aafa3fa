import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { bulkOrNil, nil, ok, yes } from "../reply.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { endOf } from "./expire-words.ts";

export const set: Command = {
  name: "set",
  arity: -3,
  flags: ["write", "denyoom"],
  keys: [1, 1, 1],
  run: (words, client) => {
    if (words.length === 3) {
      client.db.set(words[1]!, words[2]!);
      return ok;
    }
    return setWithOptions(words, client);
  },
};

interface SetOptions {
  condition?: "nx" | "xx";
  keepsTtl?: true;
  gets?: true;
  atMs?: number;
}

function setWithOptions(words: readonly string[], { db, version, engine }: Client): string {
  const [, key = "", value = ""] = words;
  const options: SetOptions = {};
  for (let at = 3; at < words.length; at++) {
    const word = words[at]!.toLowerCase();
    if ((word === "nx" || word === "xx") && (options.condition ?? word) === word) options.condition = word;
    else if (word === "get") options.gets = true;
    else if (word === "keepttl" && options.atMs === undefined) options.keepsTtl = true;
    else if (options.atMs === undefined && !options.keepsTtl && words[at + 1] !== undefined)
      options.atMs = endOf(word, words[++at]!, "set", engine.clock);
    else refuse(syntaxError);
  }
  const before = options.gets ? db.string(key) : undefined;
  if (options.condition !== undefined && db.has(key) !== (options.condition === "xx"))
    return bulkOrNil(version, before);
  if (options.keepsTtl) db.replace(key, value);
  else db.set(key, value);
  if (options.atMs !== undefined) {
    db.expireAt(key, options.atMs);
    engine.instead("SET", key, value, "PXAT", String(options.atMs));
  } else engine.instead("SET", key, value, ...(options.keepsTtl ? ["KEEPTTL"] : []));
  return options.gets ? bulkOrNil(version, before) : ok;
}

export const setNx: Command = {
  name: "setnx",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const isNew = !db.has(words[1]!);
    if (isNew) db.set(words[1]!, words[2]!);
    return yes(isNew);
  },
};

function setFor(name: string, unit: "ex" | "px"): Command {
  return {
    name,
    arity: 4,
    flags: ["write", "denyoom"],
    keys: [1, 1, 1],
    run: (words, { db, engine }) => {
      const [, key = "", amount = "", value = ""] = words;
      const atMs = endOf(unit, amount, name, engine.clock);
      db.set(key, value);
      db.expireAt(key, atMs);
      engine.instead("SET", key, value, "PXAT", String(atMs));
      return ok;
    },
  };
}

export const setEx = setFor("setex", "ex");
export const pSetEx = setFor("psetex", "px");

export const mGet: Command = {
  name: "mget",
  arity: -2,
  flags: ["readonly", "fast"],
  keys: [1, -1, 1],
  run: (words, { db, version }) => {
    let reply = `*${words.length - 1}\r\n`;
    for (let at = 1; at < words.length; at++) {
      const value = db.get(words[at]!);
      reply += typeof value === "string" ? bulkOrNil(version, value) : nil(version);
    }
    return reply;
  },
};

function setMany(words: readonly string[], client: Client): void {
  for (let at = 1; at < words.length; at += 2) client.db.set(words[at]!, words[at + 1]!);
}

function refuseOdd(words: readonly string[], name: string): void {
  if (words.length % 2 === 0) refuse(`wrong number of arguments for '${name}' command`);
}

export const mSet: Command = {
  name: "mset",
  arity: -3,
  flags: ["write", "denyoom"],
  keys: [1, -1, 2],
  run: (words, client) => {
    refuseOdd(words, "mset");
    setMany(words, client);
    return ok;
  },
};

export const mSetNx: Command = {
  name: "msetnx",
  arity: -3,
  flags: ["write", "denyoom"],
  keys: [1, -1, 2],
  run: (words, client) => {
    refuseOdd(words, "msetnx");
    for (let at = 1; at < words.length; at += 2) if (client.db.has(words[at]!)) return yes(false);
    setMany(words, client);
    return yes(true);
  },
};

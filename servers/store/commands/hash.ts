import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { addDecimals, addIntegers, integerOf, readInteger } from "../numbers.ts";
import { array, bulk, bulkOrNil, bulks, emptyArray, integer, map, nil, ok, yes } from "../reply.ts";
import { notAnInteger, refuse, syntaxError } from "../refusal.ts";
import { Hash } from "../values/hash.ts";
import { sample } from "./sample.ts";

function putting(name: string, reply: (added: number) => string): Command {
  return {
    name,
    arity: -4,
    flags: ["write", "denyoom", "fast"],
    keys: [1, 1, 1],
    run: (words, { db }) => {
      if (words.length % 2 !== 0) refuse(`wrong number of arguments for '${name}' command`);
      const hash = db.made(words[1]!, Hash);
      const before = hash.size;
      for (let at = 2; at < words.length; at += 2) hash.put(words[at]!, words[at + 1]!);
      db.changed(words[1]!);
      return reply(hash.size - before);
    },
  };
}

export const hSet = putting("hset", integer);
export const hMSet = putting("hmset", () => ok);

export const hSetNx: Command = {
  name: "hsetnx",
  arity: 4,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const hash = db.made(words[1]!, Hash);
    if (hash.fields.has(words[2]!)) return yes(false);
    hash.put(words[2]!, words[3]!);
    db.changed(words[1]!);
    return yes(true);
  },
};

export const hGet: Command = {
  name: "hget",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => bulkOrNil(version, db.of(words[1]!, Hash)?.fields.get(words[2]!)),
};

export const hMGet: Command = {
  name: "hmget",
  arity: -3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    const fields = db.of(words[1]!, Hash)?.fields;
    return array(words.slice(2).map((field) => bulkOrNil(version, fields?.get(field))));
  },
};

/** A command that looks at a whole hash. */
function looking(
  name: string,
  look: (fields: ReadonlyMap<string, string>, client: Client) => string,
): Command {
  const none: ReadonlyMap<string, string> = new Map();
  return {
    name,
    arity: 2,
    flags: ["readonly"],
    keys: [1, 1, 1],
    run: (words, client) => look(client.db.of(words[1]!, Hash)?.fields ?? none, client),
  };
}

export const hGetAll = looking("hgetall", (fields, { version }) =>
  map(
    version,
    [...fields].flatMap(([field, value]) => [bulk(field), bulk(value)]),
  ),
);
export const hKeys = looking("hkeys", (fields) => bulks([...fields.keys()]));
export const hVals = looking("hvals", (fields) => bulks([...fields.values()]));
export const hLen = looking("hlen", (fields) => integer(fields.size));

export const hDel: Command = {
  name: "hdel",
  arity: -3,
  flags: ["write", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const fields = db.of(words[1]!, Hash)?.fields;
    let removed = 0;
    for (let at = 2; at < words.length; at++) if (fields?.delete(words[at]!)) removed++;
    if (removed > 0) db.changed(words[1]!);
    return integer(removed);
  },
};

export const hExists: Command = {
  name: "hexists",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => yes(db.of(words[1]!, Hash)?.fields.has(words[2]!) ?? false),
};

export const hStrLen: Command = {
  name: "hstrlen",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => integer(db.of(words[1]!, Hash)?.fields.get(words[2]!)?.length ?? 0),
};

export const hIncrBy: Command = {
  name: "hincrby",
  arity: 4,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const [, key = "", field = "", increment = ""] = words;
    if (readInteger(increment) === undefined) refuse(notAnInteger);
    const before = db.of(key, Hash)?.fields.get(field) ?? "0";
    if (readInteger(before) === undefined) refuse("hash value is not an integer");
    const sum = addIntegers(before, increment);
    db.made(key, Hash).put(field, sum);
    db.changed(key);
    return `:${sum}\r\n`;
  },
};

export const hIncrByFloat: Command = {
  name: "hincrbyfloat",
  arity: 4,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, engine }) => {
    const [, key = "", field = "", increment = ""] = words;
    const sum = addDecimals(db.of(key, Hash)?.fields.get(field) ?? "0", increment);
    db.made(key, Hash).put(field, sum);
    db.changed(key);
    engine.instead("HSET", key, field, sum);
    return bulk(sum);
  },
};

export const hRandField: Command = {
  name: "hrandfield",
  arity: -2,
  flags: ["readonly"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    if (words.length > 4 || (words.length === 4 && words[3]!.toLowerCase() !== "withvalues"))
      refuse(syntaxError);
    const count = words[2] === undefined ? undefined : integerOf(words[2]);
    const hash = db.of(words[1]!, Hash);
    if (count === undefined) return hash ? bulk(sample([...hash.fields.keys()], 1)[0]!) : nil(version);
    if (!hash) return emptyArray;
    const fields = sample([...hash.fields.keys()], count);
    if (words.length === 3) return bulks(fields);
    const pairs = fields.map((field) => [field, hash.fields.get(field)!]);
    return version === 3 ? array(pairs.map(bulks)) : bulks(pairs.flat());
  },
};

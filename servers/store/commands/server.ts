import type { Client } from "../client.ts";
import type { Answer, Command } from "../command.ts";
import { doubleOf, integerOf } from "../numbers.ts";
import { array, bulk, bulkOrNil, bulks, emptyArray, integer, ok, simple, verbatim } from "../reply.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { infoText } from "../info.ts";
import { typeOf, weigh } from "../value.ts";
import { readInteger } from "../numbers.ts";

export const info: Command = {
  name: "info",
  arity: -1,
  flags: ["loading"],
  run: (words, { engine, version }) => verbatim(version, infoText(engine, words.slice(1))),
};

export const dbSize: Command = {
  name: "dbsize",
  arity: 1,
  flags: ["readonly", "fast"],
  run: (_, { db }) => integer(db.size),
};

function flushing(name: string, databases: (client: Client) => readonly Client["db"][]): Command {
  return {
    name,
    arity: -1,
    flags: ["write"],
    run: (words, client) => {
      const mode = words[1]?.toLowerCase() ?? "sync";
      if (words.length > 2 || (mode !== "sync" && mode !== "async")) refuse(syntaxError);
      for (const db of databases(client)) db.clear();
      // Written down even when there was nothing to remove, as Redis does.
      client.engine.changes++;
      return ok;
    },
  };
}

export const flushAll = flushing("flushall", ({ engine }) => engine.databases);
export const flushDb = flushing("flushdb", ({ db }) => [db]);

export const swapDb: Command = {
  name: "swapdb",
  arity: 3,
  flags: ["write", "fast"],
  run: (words, { engine }) => {
    const complaint = (which: string): string => `invalid ${which} DB index`;
    const one = integerOf(words[1]!, complaint("first"));
    const other = integerOf(words[2]!, complaint("second"));
    const [first, second] = [engine.databases[one], engine.databases[other]];
    if (!first || !second) return refuse("DB index is out of range");
    if (first !== second) first.swap(second);
    engine.changes++;
    return ok;
  },
};

export const time: Command = {
  name: "time",
  arity: 1,
  flags: ["loading", "fast"],
  run: (_, { engine }) => {
    const nowMs = engine.clock.now();
    return bulks([String(Math.floor(nowMs / 1_000)), String((nowMs % 1_000) * 1_000)]);
  },
};

export const lastSave: Command = {
  name: "lastsave",
  arity: 1,
  flags: ["loading", "fast"],
  run: (_, { engine }) => integer(Math.floor(engine.startedMs / 1_000)),
};

export const bgRewriteAof: Command = {
  name: "bgrewriteaof",
  arity: 1,
  flags: ["admin", "noscript"],
  run: (_, { engine }) => {
    if (!engine.journal) return refuse("this store keeps no file; start it with a folder");
    if (engine.journal.isRewriting)
      return refuse("Background append only file rewriting already in progress");
    void engine.journal.rewrite();
    return simple("Background append only file rewriting started");
  },
};

export const role: Command = {
  name: "role",
  arity: 1,
  flags: ["noscript", "loading", "fast"],
  run: () => array([bulk("master"), integer(0), emptyArray]),
};

export const object: Command = {
  name: "object",
  arity: -3,
  flags: ["readonly"],
  keys: [2, 2, 1],
  run: (words, { db, version }) => {
    const value = db.get(words[2]!);
    const sub = words[1]!.toLowerCase();
    if (words.length !== 3 || !["encoding", "refcount", "idletime", "freq"].includes(sub))
      return refuse(`unknown subcommand or wrong number of arguments for '${words[1]}'. Try OBJECT HELP.`);
    if (value === undefined) return bulkOrNil(version, undefined);
    if (sub === "freq")
      return refuse("An LFU maxmemory policy is not selected, access frequency not tracked.");
    if (sub !== "encoding") return integer(sub === "refcount" ? 1 : 0);
    return bulk(typeof value === "string" ? stringEncoding(value) : value.encoding);
  },
};

function stringEncoding(text: string): string {
  if (readInteger(text) !== undefined) return "int";
  return text.length <= 44 ? "embstr" : "raw";
}

export const memory: Command = {
  name: "memory",
  arity: -2,
  flags: ["readonly"],
  keys: [2, 2, 1],
  run: (words, { db, version }) => {
    if (words[1]!.toLowerCase() !== "usage" || words[2] === undefined)
      return refuse(`unknown subcommand '${words[1]}'. Try MEMORY HELP.`);
    const value = db.get(words[2]);
    return value === undefined ? bulkOrNil(version, undefined) : integer(weigh(words[2], value));
  },
};

/** DEBUG SLEEP seconds: the whole store stops, as Redis does; DEBUG OBJECT key. */
export const debug: Command = {
  name: "debug",
  arity: -2,
  flags: ["admin", "noscript", "loading"],
  run: (words, client): Answer => {
    const value = client.db.get(words[2] ?? "");
    switch (words[1]!.toLowerCase()) {
      case "sleep": {
        const ms = doubleOf(words[2] ?? "") * 1_000;
        if (!(ms >= 0 && ms <= maxSleepMs))
          return refuse(`a sleep takes from 0 to ${maxSleepMs / 1_000} seconds`);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
        return ok;
      }
      case "object":
        if (value === undefined) return refuse("no such key");
        return simple(`Value at:0x0 refcount:1 type:${typeOf(value)}`);
      default:
        return refuse(`unknown subcommand '${words[1]}'. Try DEBUG HELP.`);
    }
  },
};

/** The store lives in the process of a test: nobody may stop that for long. */
const maxSleepMs = 60_000;

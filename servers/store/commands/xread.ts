import type { Client } from "../client.ts";
import type { Answer, Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { array, bulk, map, nilArray } from "../reply.ts";
import { entriesReply } from "../families/stream-read.ts";
import { Stream, type StreamId, firstId, idAfter, lastId, readId } from "../values/stream.ts";

interface Reading {
  readonly keys: readonly string[];
  /** What each was read up to. */
  readonly after: readonly StreamId[];
  readonly count: number;
  /** Wait so long when there is nothing; 0 waits for ever. */
  readonly blockMs: number | undefined;
}

/** XREAD [COUNT n] [BLOCK ms] STREAMS key … id … */
export const xRead: Command = {
  name: "xread",
  arity: -4,
  flags: ["readonly", "blocking"],
  run: (words, client) => read(client, readingOf(words, client)),
};

function readingOf(words: readonly string[], { db }: Client): Reading {
  let count = Infinity;
  let blockMs: number | undefined;
  let at = 1;
  for (; at < words.length && words[at]!.toLowerCase() !== "streams"; at += 2) {
    const option = words[at]!.toLowerCase();
    const value = words[at + 1] ?? refuse(syntaxError);
    if (option === "count") count = Math.max(integerOf(value), 0) || Infinity;
    else if (option === "block") {
      blockMs = integerOf(value, "timeout is not an integer or out of range");
      if (blockMs < 0) refuse("timeout is negative");
    } else refuse(syntaxError);
  }
  const names = words.slice(at + 1);
  if (at >= words.length) refuse(syntaxError);
  if (names.length === 0 || names.length % 2 !== 0) {
    refuse("Unbalanced 'xread' list of streams: for each stream key an ID or '$' must be specified.");
  }
  const keys = names.slice(0, names.length / 2);
  const after = names
    .slice(keys.length)
    .map((word, index) => (word === "$" ? (db.of(keys[index]!, Stream)?.last ?? firstId) : readId(word, 0)));
  return { keys, after, count, blockMs };
}

function read(client: Client, { keys, after, count, blockMs }: Reading): Answer {
  const { db, engine, version } = client;
  const serve = (): string | undefined => {
    const found: string[] = [];
    for (const [index, key] of keys.entries()) {
      const stream = db.of(key, Stream);
      const entries = stream?.range(idAfter(after[index]!), lastId, count) ?? [];
      if (entries.length > 0) found.push(bulk(key), entriesReply(entries));
    }
    if (found.length === 0) return undefined;
    if (version === 3) return map(3, found);
    return array(Array.from({ length: found.length / 2 }, (_, n) => array(found.slice(2 * n, 2 * n + 2))));
  };
  const reply = serve();
  if (reply !== undefined) return reply;
  if (blockMs === undefined || !client.canBlock) return nilArray(version);
  return engine.waiters.wait(client, keys, blockMs, serve, nilArray(version));
}

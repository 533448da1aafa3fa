import type { Client } from "../client.ts";
import type { Answer, Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { array, bulk, bulks, emptyArray, integer, map, nilArray } from "../reply.ts";
import { refuse, syntaxError } from "../refusal.ts";
import {
  firstId,
  idAfter,
  idBefore,
  lastId,
  maxIdPart,
  printId,
  readId,
  Stream,
  type StreamEntry,
  type StreamId,
} from "../values/stream.ts";

export const xLen: Command = {
  name: "xlen",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => integer(db.of(words[1]!, Stream)?.size ?? 0),
};

function entriesReply(entries: readonly StreamEntry[]): string {
  let reply = `*${entries.length}\r\n`;
  for (const { id, fields } of entries) reply += `*2\r\n${bulk(printId(id))}${bulks(fields)}`;
  return reply;
}

/** `-`, `+`, `5`, `5-1`, `(5-1`: one end of a range. */
function bound(word: string, isStart: boolean): StreamId {
  if (word === "-") return firstId;
  if (word === "+") return lastId;
  const isExclusive = word.startsWith("(");
  const id = readId(isExclusive ? word.slice(1) : word, isStart ? 0 : maxIdPart);
  if (!isExclusive) return id;
  if (isStart)
    return id.ms === maxIdPart && id.sequence === maxIdPart
      ? refuse("invalid start ID for the interval")
      : idAfter(id);
  return id.ms === 0 && id.sequence === 0 ? refuse("invalid end ID for the interval") : idBefore(id);
}

function ranging(name: string, isReversed: boolean): Command {
  return {
    name,
    arity: -4,
    flags: ["readonly"],
    keys: [1, 1, 1],
    run: (words, { db, version }) => {
      const [start, end] = isReversed ? [words[3]!, words[2]!] : [words[2]!, words[3]!];
      const from = bound(start, true);
      const to = bound(end, false);
      let count = Infinity;
      if (words.length > 4) {
        if (words.length !== 6 || words[4]!.toLowerCase() !== "count") refuse(syntaxError);
        count = Math.max(integerOf(words[5]!), 0);
      }
      const stream = db.of(words[1]!, Stream);
      if (!stream) return emptyArray;
      if (count === 0) return nilArray(version);
      return entriesReply(stream.range(from, to, count, isReversed));
    },
  };
}

export const xRange = ranging("xrange", false);
export const xRevRange = ranging("xrevrange", true);

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

/** XINFO STREAM key */
export const xInfo: Command = {
  name: "xinfo",
  arity: -2,
  flags: ["readonly"],
  keys: [2, 2, 1],
  run: (words, { db, version }) => {
    if (words[1]!.toLowerCase() !== "stream" || words.length !== 3)
      return refuse(`unknown subcommand '${words[1]}'. Try XINFO HELP.`);
    const stream = db.of(words[2]!, Stream) ?? refuse("no such key");
    const entry = (index: number): string => {
      const [reply] = stream.entries.slice(index, index);
      return reply ? `*2\r\n${bulk(printId(reply.id))}${bulks(reply.fields)}` : nilArray(version);
    };
    const facts: readonly (readonly [string, string])[] = [
      ["length", integer(stream.size)],
      ["last-generated-id", bulk(printId(stream.last))],
      ["max-deleted-entry-id", bulk(printId(stream.maxDeleted))],
      ["entries-added", integer(stream.added)],
      ["groups", integer(0)],
      ["first-entry", entry(0)],
      ["last-entry", entry(stream.size - 1)],
    ];
    return map(
      version,
      facts.flatMap(([name, reply]) => [bulk(name), reply]),
    );
  },
};

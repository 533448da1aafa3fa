import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { integerOf, integerWithin } from "../numbers.ts";
import { bulk, integer, nil } from "../reply.ts";
import { refuse, syntaxError } from "../refusal.ts";
import {
  compareIds,
  firstId,
  idAfter,
  maxIdPart,
  printId,
  readId,
  Stream,
  type StreamId,
} from "../values/stream.ts";

/** How a stream is kept short. */
interface Trim {
  readonly by: "maxlen" | "minid";
  readonly threshold: string;
  readonly limit: number;
}

/** `MAXLEN|MINID [=|~] threshold [LIMIT count]` at a place. @returns it, and the place behind it */
function trimOf(words: readonly string[], from: number): { trim: Trim; at: number } {
  let at = from;
  const by = words[at++]!.toLowerCase() as Trim["by"];
  const isAbout = words[at] === "~";
  if (isAbout || words[at] === "=") at++;
  const threshold = words[at++] ?? refuse(syntaxError);
  if (by === "maxlen" && integerOf(threshold) < 0) refuse("The MAXLEN argument must be >= 0.");
  if (words[at]?.toLowerCase() !== "limit" || words[at + 1] === undefined)
    return { trim: { by, threshold, limit: Infinity }, at };
  if (!isAbout) refuse("syntax error, LIMIT cannot be used without the special ~ option");
  const limit = integerWithin(words[at + 1]!, 0, Infinity, "The LIMIT argument must be >= 0.");
  return { trim: { by, threshold, limit: limit === 0 ? Infinity : limit }, at: at + 2 };
}

/** @returns how many went */
function trimStream(stream: Stream, { by, threshold, limit }: Trim): number {
  return by === "maxlen"
    ? stream.trimToLength(integerOf(threshold), limit)
    : stream.trimBefore(readId(threshold, 0), limit);
}

export const xAdd: Command = {
  name: "xadd",
  arity: -5,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, client) => {
    const { db, engine, version } = client;
    const key = words[1]!;
    let at = 2;
    let isOnlyThere = false;
    let trim: Trim | undefined;
    for (; at < words.length;) {
      const word = words[at]!.toLowerCase();
      if (word === "nomkstream") {
        isOnlyThere = true;
        at++;
      } else if (word === "maxlen" || word === "minid") ({ trim, at } = trimOf(words, at));
      else break;
    }
    const idWord = words[at] ?? refuse(syntaxError);
    const fields = words.slice(at + 1);
    if (fields.length === 0 || fields.length % 2 !== 0)
      refuse("wrong number of arguments for 'xadd' command");
    if (/^0+(?:-0+)?$/.test(idWord)) refuse("The ID specified in XADD must be greater than 0-0");
    const known = db.of(key, Stream);
    const id = idFor(idWord, known?.last ?? firstId, client);
    if (trim?.by === "minid") readId(trim.threshold, 0);
    if (!known && isOnlyThere) return nil(version);
    const stream = known ?? db.made(key, Stream);
    stream.append(id, fields);
    if (trim) trimStream(stream, trim);
    db.changed(key);
    engine.instead("XADD", key, printId(id), ...fields);
    // Said exactly, whatever "about" was: the same entries must be there after a reload.
    if (trim) engine.instead("XTRIM", key, "MAXLEN", "=", String(stream.size));
    return bulk(printId(id));
  },
};

/** The id of a new entry: `*`, `ms-*`, or one that was chosen. @throws Refusal when it is not above the last */
function idFor(word: string, last: StreamId, { engine }: Client): StreamId {
  if (word === "*") {
    const ms = engine.clock.now();
    return ms > last.ms ? { ms, sequence: 0 } : idAfter(last);
  }
  const isOpen = word.endsWith("-*");
  const given = readId(isOpen ? word.slice(0, -2) : word, 0);
  const id = isOpen && given.ms === last.ms ? { ms: given.ms, sequence: last.sequence + 1 } : given;
  if (id.sequence > maxIdPart)
    refuse("The stream has exhausted the last possible ID, unable to add more items");
  if (compareIds(id, last) <= 0) {
    if (isOpen && compareIds(last, firstId) === 0) return { ms: 0, sequence: 1 };
    refuse("The ID specified in XADD is equal or smaller than the target stream top item");
  }
  return id;
}

export const xTrim: Command = {
  name: "xtrim",
  arity: -4,
  flags: ["write"],
  keys: [1, 1, 1],
  run: (words, { db, engine }) => {
    const key = words[1]!;
    const by = words[2]!.toLowerCase();
    if (by !== "maxlen" && by !== "minid") refuse(syntaxError);
    const { trim, at } = trimOf(words, 2);
    if (at !== words.length) refuse(syntaxError);
    if (trim.by === "minid") readId(trim.threshold, 0);
    const stream = db.of(key, Stream);
    const removed = stream ? trimStream(stream, trim) : 0;
    if (stream && removed > 0) {
      db.changed(key);
      engine.instead("XTRIM", key, "MAXLEN", "=", String(stream.size));
    }
    return integer(removed);
  },
};

export const xDel: Command = {
  name: "xdel",
  arity: -3,
  flags: ["write", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const ids = words.slice(2).map((word) => readId(word, 0));
    const stream = db.of(words[1]!, Stream);
    const removed = stream ? ids.filter((id) => stream.remove(id)).length : 0;
    if (removed > 0) db.changed(words[1]!);
    return integer(removed);
  },
};

/** XSETID key last-id [ENTRIESADDED n] [MAXDELETEDID id]: how a file says what is not in the entries. */
export const xSetId: Command = {
  name: "xsetid",
  arity: -3,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const id = readId(words[2]!, 0);
    const options = new Map<string, string>();
    for (let at = 3; at < words.length; at += 2) options.set(words[at]!.toLowerCase(), words[at + 1] ?? "");
    for (const option of options.keys())
      if (option !== "entriesadded" && option !== "maxdeletedid") refuse(syntaxError);
    const added = options.get("entriesadded");
    const maxDeleted = options.get("maxdeletedid");
    const stream = db.of(words[1]!, Stream) ?? refuse("no such key");
    const newest = stream.entries.at(stream.size - 1)?.id;
    if (newest && compareIds(id, newest) < 0)
      refuse("The ID specified in XSETID is smaller than the target stream top item");
    if (added !== undefined)
      stream.added = integerWithin(added, 0, Infinity, "entries_added must be positive");
    if (maxDeleted !== undefined) stream.maxDeleted = readId(maxDeleted, 0);
    stream.last = id;
    db.changed(words[1]!);
    return "+OK\r\n";
  },
};

import { encodeCommand } from "../../wire/resp.ts";
import type { Database } from "./database.ts";
import type { Keyspace } from "./keyspace.ts";
import { printDouble } from "./numbers.ts";
import type { Value } from "./value.ts";
import { printId, type Stream } from "./values/stream.ts";

/** Members that go into one command. */
const batch = 64;

/**
 * Everything in the store as it is now, as commands that make it again, while the store goes on: a key is put down
 * just before anything is done with it, and all others when their turn comes.
 */
export class Snapshot {
  readonly #shots: readonly Shot[];
  readonly #databases: readonly Database[];
  #text = "";
  #selected = -1;

  constructor(databases: readonly Database[]) {
    this.#shots = databases
      .filter(({ size }) => size > 0)
      .map((database) => {
        const { index, entries, expiries } = database;
        const shot: Shot = { index, entries, expiries, done: new Set() };
        database.onTouch = (key) => this.#put(shot, key);
        return shot;
      });
    this.#databases = databases;
  }

  /** The commands, about so many bytes at a time. */
  *commands(bytes: number): Generator<string> {
    for (const shot of this.#shots) {
      for (const key of shot.entries.keys()) {
        this.#put(shot, key);
        if (this.#text.length >= bytes) yield this.#take();
      }
    }
    if (this.#text !== "") yield this.#take();
  }

  /** Nothing is put down any more. */
  release(): void {
    for (const database of this.#databases) database.onTouch = undefined;
  }

  #take(): string {
    const text = this.#text;
    this.#text = "";
    return text;
  }

  #put({ index, entries, expiries, done }: Shot, key: string): void {
    if (done.has(key)) return;
    done.add(key);
    const value = entries.get(key);
    if (value === undefined) return;
    if (index !== this.#selected) this.#text += encodeCommand(["SELECT", String(index)]);
    this.#selected = index;
    for (const words of commandsFor(key, value)) this.#text += encodeCommand(words);
    const atMs = expiries.get(key);
    if (atMs !== undefined) this.#text += encodeCommand(["PEXPIREAT", key, String(atMs)]);
  }
}

interface Shot {
  readonly index: number;
  readonly entries: Keyspace<Value>;
  readonly expiries: ReadonlyMap<string, number>;
  readonly done: Set<string>;
}

function* commandsFor(key: string, value: Value): Generator<readonly string[]> {
  if (typeof value === "string") {
    yield ["SET", key, value];
    return;
  }
  switch (value.type) {
    case "list":
      yield* batches("RPUSH", key, value.items, (item) => [item]);
      break;
    case "hash":
      yield* batches("HSET", key, value.fields, (pair) => pair);
      break;
    case "set":
      yield* batches("SADD", key, value.members, (member) => [member]);
      break;
    case "zset":
      yield* batches("ZADD", key, value, ({ member, score }) => [printDouble(score), member]);
      break;
    case "stream":
      yield* streamCommands(key, value);
  }
}

function* batches<Item>(
  name: string,
  key: string,
  items: Iterable<Item>,
  wordsOf: (item: Item) => readonly string[],
): Generator<readonly string[]> {
  let words = [name, key];
  for (const item of items) {
    words.push(...wordsOf(item));
    if (words.length >= batch) {
      yield words;
      words = [name, key];
    }
  }
  if (words.length > 2) yield words;
}

function* streamCommands(key: string, stream: Stream): Generator<readonly string[]> {
  const { last, maxDeleted, added } = stream;
  for (const { id, fields } of stream.entries) yield ["XADD", key, printId(id), ...fields];
  // A stream without entries is made by adding one and removing it at once.
  if (stream.size === 0)
    yield ["XADD", key, "MAXLEN", "0", last.ms + last.sequence > 0 ? printId(last) : "0-1", "x", "y"];
  yield ["XSETID", key, printId(last), "ENTRIESADDED", String(added), "MAXDELETEDID", printId(maxDeleted)];
}

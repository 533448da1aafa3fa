import type { Bus, BusArrival, BusEntry } from "./bus.ts";
import { WireError } from "./errors.ts";
import type { RespValue } from "./resp.ts";

/** Somebody who takes commands of the Redis protocol: a store in this process, or a connection to one. */
export interface RespLine {
  call(words: readonly string[]): Promise<RespValue>;
  /** A command that waits, and must not keep others waiting. `signal` ends it: nothing came then. */
  wait(words: readonly string[], signal?: AbortSignal): Promise<RespValue>;
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** The field of a stream's entry that holds the message. */
const field = "message";

/** A bus over the Redis protocol. Text goes as UTF-8. */
export function busOver(line: RespLine): Bus {
  const call = async (...words: readonly string[]): Promise<RespValue> =>
    checked(words, await line.call(words));
  return {
    publish: async (channel, message) => numberOf(await call("PUBLISH", bytes(channel), bytes(message))),
    subscribe: (channel, listener) => line.subscribe(bytes(channel), (message) => listener(text(message))),
    append: async (stream, message, { maxEntries = Infinity } = {}) => {
      const trim = maxEntries === Infinity ? [] : ["MAXLEN", "=", String(maxEntries)];
      return textOf(await call("XADD", bytes(stream), ...trim, "*", field, bytes(message))) ?? "";
    },
    range: async (stream, { after, before, count = Infinity } = {}) => {
      const most = count === Infinity ? [] : ["COUNT", String(count)];
      const from = after === undefined ? "-" : `(${after}`;
      const to = before === undefined ? "+" : `(${before}`;
      if (after === undefined && count !== Infinity)
        return entriesOf(await call("XREVRANGE", bytes(stream), to, from, ...most)).toReversed();
      return entriesOf(await call("XRANGE", bytes(stream), from, to, ...most));
    },
    read: async (after, { timeoutMs = 0, count = Infinity, signal } = {}) => {
      const most = count === Infinity ? [] : ["COUNT", String(count)];
      const names = Object.keys(after).map(bytes);
      const words = [
        "XREAD",
        ...most,
        "BLOCK",
        String(timeoutMs),
        "STREAMS",
        ...names,
        ...Object.values(after),
      ];
      if (signal?.aborted) return [];
      return arrivalsOf(checked(words, await line.wait(words, signal)));
    },
    get: async (key) => {
      const value = textOf(await call("GET", bytes(key)));
      return value === undefined ? undefined : text(value);
    },
    set: async (key, value, { ttlMs, isNew = false } = {}) => {
      const options = [...(ttlMs === undefined ? [] : ["PX", String(ttlMs)]), ...(isNew ? ["NX"] : [])];
      return textOf(await call("SET", bytes(key), bytes(value), ...options)) === "OK";
    },
    expire: async (key, ttlMs, { isExtension = false } = {}) =>
      numberOf(await call("PEXPIRE", bytes(key), String(ttlMs), ...(isExtension ? ["GT"] : []))) > 0,
    remove: async (key) => numberOf(await call("DEL", bytes(key))) > 0,
    close: () => line.close(),
    [Symbol.asyncDispose]: () => line.close(),
  };
}

function checked(words: readonly string[], reply: RespValue): RespValue {
  if (reply.type !== "error" && reply.type !== "bulk-error") return reply;
  throw new WireError("REPLY_UNEXPECTED", `after ${words.slice(0, 2).join(" ")}: ${reply.text}`);
}

/** Text as a byte string. */
function bytes(given: string): string {
  return Buffer.from(given).toString("latin1");
}

function text(given: string): string {
  return Buffer.from(given, "latin1").toString();
}

function textOf(reply: RespValue | undefined): string | undefined {
  return reply?.type === "bulk" || reply?.type === "simple" ? reply.text : undefined;
}

function numberOf(reply: RespValue): number {
  return reply.type === "integer" ? Number(reply.value) : 0;
}

function itemsOf(reply: RespValue | undefined): readonly RespValue[] {
  return reply?.type === "array" ? reply.items : [];
}

/** Entries of other people have other fields; the first value is their message. */
function entriesOf(reply: RespValue | undefined): BusEntry[] {
  return itemsOf(reply).map((entry) => {
    const [id, fields] = itemsOf(entry);
    return { id: textOf(id) ?? "", message: text(textOf(itemsOf(fields)[1]) ?? "") };
  });
}

function arrivalsOf(reply: RespValue): BusArrival[] {
  return itemsOf(reply).flatMap((found) => {
    const [stream, entries] = itemsOf(found);
    return entriesOf(entries).map((entry) => ({ stream: text(textOf(stream) ?? ""), ...entry }));
  });
}

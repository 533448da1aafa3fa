import type { Client } from "../client.ts";
import type { Answer, Command } from "../command.ts";
import { doubleOf, integerWithin } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { array, bulk, bulkOrNil, bulks, nil, nilArray } from "../reply.ts";
import { type End, endNamed, moveItem, popFrom } from "./list.ts";
import { List } from "../values/list.ts";

/** Seconds, with fractions, in milliseconds; 0 waits for ever. @throws Refusal */
export function timeoutOf(word: string): number {
  const seconds = doubleOf(word, "timeout is not a float or out of range");
  if (seconds < 0) return refuse("timeout is negative");
  return seconds * 1_000 > Number.MAX_SAFE_INTEGER
    ? refuse("timeout is out of range")
    : Math.ceil(seconds * 1_000);
}

/** The reply from the first key that has something; nothing when none has. */
export function serveFirst(
  keys: readonly string[],
  serve: (key: string) => string | undefined,
): string | undefined {
  for (const key of keys) {
    const reply = serve(key);
    if (reply !== undefined) return reply;
  }
  return undefined;
}

/**
 * Serve a client from the first key that has something, or have it wait.
 * @param serve gives the reply, or nothing while the key has nothing
 */
export function serveOrWait(
  client: Client,
  keys: readonly string[],
  timeoutMs: number,
  serve: (key: string) => string | undefined,
  otherwise: string,
): Answer {
  const reply = serveFirst(keys, serve);
  if (reply !== undefined) return reply;
  if (!client.canBlock) return otherwise;
  const { db, engine } = client;
  // The other kind of value under the key of somebody who waits is no reason to wake him.
  const serveLater = (key: string): string | undefined => {
    const value = db.get(key);
    return value === undefined ? undefined : engine.perform(db, () => quietly(() => serve(key)));
  };
  return engine.waiters.wait(client, keys, timeoutMs, serveLater, otherwise);
}

function quietly(serve: () => string | undefined): string | undefined {
  try {
    return serve();
  } catch {
    return undefined;
  }
}

export function popping(name: string, end: End): Command {
  return {
    name,
    arity: -3,
    flags: ["write", "blocking"],
    keys: [1, -2, 1],
    run: (words, client) => {
      const timeoutMs = timeoutOf(words.at(-1)!);
      const { db, engine, version } = client;
      const serve = (key: string): string | undefined => {
        const list = db.of(key, List);
        if (!list) return undefined;
        const [item] = popFrom(list, end, 1);
        db.changed(key);
        engine.instead(end === "left" ? "LPOP" : "RPOP", key);
        return bulks([key, item!]);
      };
      return serveOrWait(client, words.slice(1, -1), timeoutMs, serve, nilArray(version));
    },
  };
}

export function moving(
  client: Client,
  from: string,
  to: string,
  ends: readonly [End, End],
  timeout: string,
): Answer {
  const { engine, version } = client;
  const timeoutMs = timeoutOf(timeout);
  const serve = (): string | undefined => {
    const item = moveItem(client, from, to, ...ends);
    if (item === undefined) return undefined;
    engine.instead("LMOVE", from, to, ...ends);
    return bulkOrNil(version, item);
  };
  return serveOrWait(client, [from], timeoutMs, serve, nil(version));
}

/** `numkeys key … LEFT|RIGHT [COUNT count]` from a place on. */
function manyOf(words: readonly string[], from: number): { keys: string[]; end: End; count: number } {
  const many = integerWithin(words[from]!, 1, Infinity, "numkeys should be greater than 0");
  const keys = words.slice(from + 1, from + 1 + many);
  const [where, option, amount, ...more] = words.slice(from + 1 + many);
  if (where === undefined || keys.length < many || more.length > 0) return refuse(syntaxError);
  const end = endNamed(where);
  if (option === undefined) return { keys, end, count: 1 };
  if (option.toLowerCase() !== "count" || amount === undefined) return refuse(syntaxError);
  return { keys, end, count: integerWithin(amount, 1, Infinity, "count should be greater than 0") };
}

export function poppingMany(name: string, from: number): Command {
  return {
    name,
    arity: -3 - from,
    flags: from === 1 ? ["write"] : ["write", "blocking"],
    run: (words, client) => {
      const timeoutMs = from === 1 ? 0 : timeoutOf(words[1]!);
      const { keys, end, count } = manyOf(words, from);
      const { db, engine, version } = client;
      const serve = (key: string): string | undefined => {
        const list = db.of(key, List);
        if (!list) return undefined;
        const items = popFrom(list, end, count);
        db.changed(key);
        engine.instead(end === "left" ? "LPOP" : "RPOP", key, String(count));
        return array([bulk(key), bulks(items)]);
      };
      if (from === 2) return serveOrWait(client, keys, timeoutMs, serve, nilArray(version));
      return serveFirst(keys, serve) ?? nilArray(version);
    },
  };
}

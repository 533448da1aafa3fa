import type { Client } from "../client.ts";
import type { Answer, Command } from "../command.ts";
import { doubleOf, integerWithin } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { nilArray } from "../reply.ts";

/** Takes from what is under a key. @returns the reply, or nothing while the key has nothing */
export type Pop<Details extends readonly unknown[] = []> = (
  client: Client,
  key: string,
  ...details: Details
) => string | undefined;

/** `key … timeout`: take from the first key that has something, or wait for one. */
export function poppingFirst(name: string, flags: Command["flags"], pop: Pop): Command {
  return {
    name,
    arity: -3,
    flags,
    keys: [1, -2, 1],
    run: (words, client) => {
      const timeoutMs = timeoutOf(words.at(-1)!);
      const serve = (key: string): string | undefined => pop(client, key);
      return serveOrWait(client, words.slice(1, -1), timeoutMs, serve, nilArray(client.version));
    },
  };
}

/**
 * `numkeys key … side [COUNT count]`, which waits for nobody, or the same behind a timeout.
 * @param from where numkeys stands: 1, or 2 behind a timeout
 * @param sideOf reads the word that says from which side is taken; throws Refusal when it does not
 */
export function poppingSide<Side>(
  name: string,
  from: 1 | 2,
  sideOf: (word: string) => Side,
  pop: Pop<[side: Side, count: number]>,
): Command {
  return {
    name,
    arity: -3 - from,
    flags: from === 1 ? ["write"] : ["write", "blocking"],
    run: (words, client) => {
      const timeoutMs = from === 1 ? 0 : timeoutOf(words[1]!);
      const many = integerWithin(words[from]!, 1, Infinity, "numkeys should be greater than 0");
      const keys = words.slice(from + 1, from + 1 + many);
      const [where, option, amount, ...more] = words.slice(from + 1 + many);
      if (where === undefined || more.length > 0) return refuse(syntaxError);
      const side = sideOf(where);
      if (option !== undefined && (option.toLowerCase() !== "count" || amount === undefined))
        refuse(syntaxError);
      const count = integerWithin(amount ?? "1", 1, Infinity, "count should be greater than 0");
      const serve = (key: string): string | undefined => pop(client, key, side, count);
      const nothing = nilArray(client.version);
      return from === 1
        ? (serveFirst(keys, serve) ?? nothing)
        : serveOrWait(client, keys, timeoutMs, serve, nothing);
    },
  };
}

/** Seconds, with fractions, in milliseconds; 0 waits for ever. @throws Refusal */
export function timeoutOf(word: string): number {
  const seconds = doubleOf(word, "timeout is not a float or out of range");
  if (seconds < 0) return refuse("timeout is negative");
  return seconds * 1_000 > Number.MAX_SAFE_INTEGER
    ? refuse("timeout is out of range")
    : Math.ceil(seconds * 1_000);
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

/** The reply from the first key that has something; nothing when none has. */
function serveFirst(keys: readonly string[], serve: (key: string) => string | undefined): string | undefined {
  for (const key of keys) {
    const reply = serve(key);
    if (reply !== undefined) return reply;
  }
  return undefined;
}

function quietly(serve: () => string | undefined): string | undefined {
  try {
    return serve();
  } catch {
    return undefined;
  }
}

import type { Command } from "../command.ts";
import { integerWithin } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { array, bulk, double, nilArray } from "../reply.ts";
import { serveFirst, serveOrWait, timeoutOf } from "./blocking-list.ts";
import { popScored } from "./sorted-set.ts";
import { SortedSet } from "../values/sorted-set.ts";

export function popping(name: string, isReversed: boolean): Command {
  return {
    name,
    arity: -3,
    flags: ["write", "blocking", "fast"],
    keys: [1, -2, 1],
    run: (words, client) => {
      const timeoutMs = timeoutOf(words.at(-1)!);
      const { db, engine, version } = client;
      const serve = (key: string): string | undefined => {
        const zset = db.of(key, SortedSet);
        if (!zset) return undefined;
        const [entry] = popScored(zset, isReversed, 1);
        db.changed(key);
        engine.instead(isReversed ? "ZPOPMAX" : "ZPOPMIN", key);
        return array([bulk(key), bulk(entry!.member), double(version, entry!.score)]);
      };
      return serveOrWait(client, words.slice(1, -1), timeoutMs, serve, nilArray(version));
    },
  };
}

export function poppingMany(name: string, from: number): Command {
  return {
    name,
    arity: -3 - from,
    flags: from === 1 ? ["write"] : ["write", "blocking"],
    run: (words, client) => {
      const timeoutMs = from === 1 ? 0 : timeoutOf(words[1]!);
      const many = integerWithin(words[from]!, 1, Infinity, "numkeys should be greater than 0");
      const keys = words.slice(from + 1, from + 1 + many);
      const [where = "", option, amount, ...more] = words.slice(from + 1 + many);
      const end = where.toLowerCase();
      const isCounted = option?.toLowerCase() === "count" && amount !== undefined && more.length === 0;
      if (keys.length < many || (end !== "min" && end !== "max") || (option !== undefined && !isCounted))
        refuse(syntaxError);
      const count = integerWithin(amount ?? "1", 1, Infinity, "count should be greater than 0");
      const { db, engine, version } = client;
      const serve = (key: string): string | undefined => {
        const zset = db.of(key, SortedSet);
        if (!zset) return undefined;
        const popped = popScored(zset, end === "max", count);
        db.changed(key);
        engine.instead(end === "max" ? "ZPOPMAX" : "ZPOPMIN", key, String(count));
        const pairs = popped.map(({ member, score }) => array([bulk(member), double(version, score)]));
        return array([bulk(key), array(pairs)]);
      };
      if (from === 2) return serveOrWait(client, keys, timeoutMs, serve, nilArray(version));
      return serveFirst(keys, serve) ?? nilArray(version);
    },
  };
}

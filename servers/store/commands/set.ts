import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { bulkOrNil, ok } from "../reply.ts";
import { endOf } from "../families/expire-words.ts";

export const set: Command = {
  name: "set",
  arity: -3,
  flags: ["write", "denyoom"],
  keys: [1, 1, 1],
  run: (words, client) => {
    if (words.length === 3) {
      client.db.set(words[1]!, words[2]!);
      return ok;
    }
    return setWithOptions(words, client);
  },
};

interface SetOptions {
  condition?: "nx" | "xx";
  keepsTtl?: true;
  gets?: true;
  atMs?: number;
}

function setWithOptions(words: readonly string[], { db, version, engine }: Client): string {
  const [, key = "", value = ""] = words;
  const options: SetOptions = {};
  for (let at = 3; at < words.length; at++) {
    const word = words[at]!.toLowerCase();
    if ((word === "nx" || word === "xx") && (options.condition ?? word) === word) options.condition = word;
    else if (word === "get") options.gets = true;
    else if (word === "keepttl" && options.atMs === undefined) options.keepsTtl = true;
    else if (options.atMs === undefined && !options.keepsTtl && words[at + 1] !== undefined)
      options.atMs = endOf(word, words[++at]!, "set", engine.clock);
    else refuse(syntaxError);
  }
  const before = options.gets ? db.string(key) : undefined;
  if (options.condition !== undefined && db.has(key) !== (options.condition === "xx"))
    return bulkOrNil(version, before);
  if (options.keepsTtl) db.replace(key, value);
  else db.set(key, value);
  if (options.atMs !== undefined) {
    db.expireAt(key, options.atMs);
    engine.instead("SET", key, value, "PXAT", String(options.atMs));
  } else engine.instead("SET", key, value, ...(options.keepsTtl ? ["KEEPTTL"] : []));
  return options.gets ? bulkOrNil(version, before) : ok;
}

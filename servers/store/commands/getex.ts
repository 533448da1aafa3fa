import type { Command } from "../command.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { bulkOrNil } from "../reply.ts";
import { endOf } from "../families/expire-words.ts";

export const getEx: Command = {
  name: "getex",
  arity: -2,
  flags: ["write", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, version, engine }) => {
    const key = words[1]!;
    const unit = words[2]?.toLowerCase();
    if (words.length > 2 && !(unit === "persist" ? words.length === 3 : words.length === 4))
      refuse(syntaxError);
    const atMs =
      unit === undefined || unit === "persist" ? undefined : endOf(unit, words[3]!, "getex", engine.clock);
    const value = db.string(key);
    if (value === undefined) return bulkOrNil(version, undefined);
    if (unit === "persist") db.persist(key);
    else if (atMs !== undefined && atMs <= engine.clock.now()) {
      db.remove(key);
      engine.instead("DEL", key);
    } else if (atMs !== undefined) {
      db.expireAt(key, atMs);
      engine.instead("PEXPIREAT", key, String(atMs));
    }
    if (unit === "persist") engine.instead("PERSIST", key);
    return bulkOrNil(version, value);
  },
};

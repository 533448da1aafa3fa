import type { Command } from "../command.ts";
import { refuse } from "../refusal.ts";
import { yes } from "../reply.ts";
import { databaseOf } from "../families/keys.ts";

export const moveKey: Command = {
  name: "move",
  arity: 3,
  flags: ["write", "fast"],
  keys: [1, 1, 1],
  run: (words, client) => {
    const key = words[1]!;
    const target = databaseOf(words[2]!, client);
    if (target === client.db) refuse("source and destination objects are the same");
    const value = client.db.get(key);
    if (value === undefined || target.has(key)) return yes(false);
    const atMs = client.db.expiries.get(key);
    client.db.remove(key);
    target.set(key, value);
    if (atMs !== undefined) target.expireAt(key, atMs);
    return yes(true);
  },
};

import type { Command } from "../command.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { yes } from "../reply.ts";
import { databaseOf } from "../families/keys.ts";

export const copy: Command = {
  name: "copy",
  arity: -3,
  flags: ["write", "denyoom"],
  keys: [1, 2, 1],
  run: (words, client) => {
    const [, from = "", to = ""] = words;
    let target = client.db;
    let replaces = false;
    for (let at = 3; at < words.length; at++) {
      const word = words[at]!.toLowerCase();
      if (word === "replace") replaces = true;
      else if (word === "db" && words[at + 1] !== undefined) target = databaseOf(words[++at]!, client);
      else refuse(syntaxError);
    }
    if (target === client.db && from === to) refuse("source and destination objects are the same");
    const value = client.db.get(from);
    if (value === undefined) return yes(false);
    if (target.has(to) && !replaces) return yes(false);
    const atMs = client.db.expiries.get(from);
    target.remove(to);
    target.set(to, typeof value === "string" ? value : value.copy());
    if (atMs !== undefined) target.expireAt(to, atMs);
    return yes(true);
  },
};

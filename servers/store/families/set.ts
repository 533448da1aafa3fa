import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { refuse } from "../refusal.ts";
import { ok } from "../reply.ts";
import { endOf } from "./expire-words.ts";

export function setFor(name: string, unit: "ex" | "px"): Command {
  return {
    name,
    arity: 4,
    flags: ["write", "denyoom"],
    keys: [1, 1, 1],
    run: (words, { db, engine }) => {
      const [, key = "", amount = "", value = ""] = words;
      const atMs = endOf(unit, amount, name, engine.clock);
      db.set(key, value);
      db.expireAt(key, atMs);
      engine.instead("SET", key, value, "PXAT", String(atMs));
      return ok;
    },
  };
}

export function setMany(words: readonly string[], client: Client): void {
  for (let at = 1; at < words.length; at += 2) client.db.set(words[at]!, words[at + 1]!);
}

export function refuseOdd(words: readonly string[], name: string): void {
  if (words.length % 2 === 0) refuse(`wrong number of arguments for '${name}' command`);
}

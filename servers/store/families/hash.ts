import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { refuse } from "../refusal.ts";
import { Hash } from "../values/hash.ts";

export function putting(name: string, reply: (added: number) => string): Command {
  return {
    name,
    arity: -4,
    flags: ["write", "denyoom", "fast"],
    keys: [1, 1, 1],
    run: (words, { db }) => {
      if (words.length % 2 !== 0) refuse(`wrong number of arguments for '${name}' command`);
      const hash = db.made(words[1]!, Hash);
      const before = hash.size;
      for (let at = 2; at < words.length; at += 2) hash.put(words[at]!, words[at + 1]!);
      db.changed(words[1]!);
      return reply(hash.size - before);
    },
  };
}

/** A command that looks at a whole hash. */
export function looking(
  name: string,
  look: (fields: ReadonlyMap<string, string>, client: Client) => string,
): Command {
  const none: ReadonlyMap<string, string> = new Map();
  return {
    name,
    arity: 2,
    flags: ["readonly"],
    keys: [1, 1, 1],
    run: (words, client) => look(client.db.of(words[1]!, Hash)?.fields ?? none, client),
  };
}

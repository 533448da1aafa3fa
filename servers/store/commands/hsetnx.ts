import type { Command } from "../command.ts";
import { yes } from "../reply.ts";
import { Hash } from "../values/hash.ts";

export const hSetNx: Command = {
  name: "hsetnx",
  arity: 4,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const hash = db.made(words[1]!, Hash);
    if (hash.fields.has(words[2]!)) return yes(false);
    hash.put(words[2]!, words[3]!);
    db.changed(words[1]!);
    return yes(true);
  },
};

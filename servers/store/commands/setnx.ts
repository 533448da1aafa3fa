import type { Command } from "../command.ts";
import { yes } from "../reply.ts";

export const setNx: Command = {
  name: "setnx",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const isNew = !db.has(words[1]!);
    if (isNew) db.set(words[1]!, words[2]!);
    return yes(isNew);
  },
};

import type { Command } from "../command.ts";
import { yes } from "../reply.ts";

export const persist: Command = {
  name: "persist",
  arity: 2,
  flags: ["write", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => yes(db.has(words[1]!) && db.persist(words[1]!)),
};

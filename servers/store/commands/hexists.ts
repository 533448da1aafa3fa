import type { Command } from "../command.ts";
import { yes } from "../reply.ts";
import { Hash } from "../values/hash.ts";

export const hExists: Command = {
  name: "hexists",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => yes(db.of(words[1]!, Hash)?.fields.has(words[2]!) ?? false),
};

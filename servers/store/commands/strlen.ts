import type { Command } from "../command.ts";
import { integer } from "../reply.ts";

export const strLen: Command = {
  name: "strlen",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => integer(db.string(words[1]!)?.length ?? 0),
};

import type { Command } from "../command.ts";
import { integer } from "../reply.ts";
import { SortedSet } from "../values/sorted-set.ts";

export const zCard: Command = {
  name: "zcard",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => integer(db.of(words[1]!, SortedSet)?.size ?? 0),
};

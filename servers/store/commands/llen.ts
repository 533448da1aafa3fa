import type { Command } from "../command.ts";
import { integer } from "../reply.ts";
import { List } from "../values/list.ts";

export const lLen: Command = {
  name: "llen",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => integer(db.of(words[1]!, List)?.size ?? 0),
};

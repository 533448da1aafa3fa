import type { Command } from "../command.ts";
import { integer } from "../reply.ts";
import { Members } from "../values/members.ts";

export const sCard: Command = {
  name: "scard",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => integer(db.of(words[1]!, Members)?.size ?? 0),
};

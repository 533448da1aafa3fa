import type { Command } from "../command.ts";
import { yes } from "../reply.ts";
import { Members } from "../values/members.ts";

export const sIsMember: Command = {
  name: "sismember",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => yes(db.of(words[1]!, Members)?.members.has(words[2]!) ?? false),
};

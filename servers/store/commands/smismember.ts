import type { Command } from "../command.ts";
import { array, yes } from "../reply.ts";
import { Members } from "../values/members.ts";

export const sMIsMember: Command = {
  name: "smismember",
  arity: -3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const members = db.of(words[1]!, Members)?.members;
    return array(words.slice(2).map((member) => yes(members?.has(member) ?? false)));
  },
};

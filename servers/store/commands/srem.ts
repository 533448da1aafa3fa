import type { Command } from "../command.ts";
import { integer } from "../reply.ts";
import { Members } from "../values/members.ts";

export const sRem: Command = {
  name: "srem",
  arity: -3,
  flags: ["write", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const members = db.of(words[1]!, Members)?.members;
    let removed = 0;
    for (let at = 2; at < words.length; at++) if (members?.delete(words[at]!)) removed++;
    if (removed > 0) db.changed(words[1]!);
    return integer(removed);
  },
};

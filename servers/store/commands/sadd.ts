import type { Command } from "../command.ts";
import { integer } from "../reply.ts";
import { Members } from "../values/members.ts";

export const sAdd: Command = {
  name: "sadd",
  arity: -3,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const members = db.made(words[1]!, Members);
    let added = 0;
    for (let at = 2; at < words.length; at++) if (members.add(words[at]!)) added++;
    if (added > 0) db.changed(words[1]!);
    return integer(added);
  },
};

import type { Command } from "../command.ts";
import { integer } from "../reply.ts";
import { Hash } from "../values/hash.ts";

export const hDel: Command = {
  name: "hdel",
  arity: -3,
  flags: ["write", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const fields = db.of(words[1]!, Hash)?.fields;
    let removed = 0;
    for (let at = 2; at < words.length; at++) if (fields?.delete(words[at]!)) removed++;
    if (removed > 0) db.changed(words[1]!);
    return integer(removed);
  },
};

import type { Command } from "../command.ts";
import { integer } from "../reply.ts";
import { SortedSet } from "../values/sorted-set.ts";

export const zRem: Command = {
  name: "zrem",
  arity: -3,
  flags: ["write", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const zset = db.of(words[1]!, SortedSet);
    let removed = 0;
    for (let at = 2; at < words.length; at++) if (zset?.remove(words[at]!)) removed++;
    if (removed > 0) db.changed(words[1]!);
    return integer(removed);
  },
};

import type { Command } from "../command.ts";
import { scoreOrNil } from "../families/sorted-set.ts";
import { SortedSet } from "../values/sorted-set.ts";

export const zScore: Command = {
  name: "zscore",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, client) => scoreOrNil(client, client.db.of(words[1]!, SortedSet)?.score(words[2]!)),
};

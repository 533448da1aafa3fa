import type { Command } from "../command.ts";
import { array } from "../reply.ts";
import { scoreOrNil } from "../families/sorted-set.ts";
import { SortedSet } from "../values/sorted-set.ts";

export const zMScore: Command = {
  name: "zmscore",
  arity: -3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, client) => {
    const zset = client.db.of(words[1]!, SortedSet);
    return array(words.slice(2).map((member) => scoreOrNil(client, zset?.score(member))));
  },
};

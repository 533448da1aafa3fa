import type { Command } from "../command.ts";
import { bulkOrNil } from "../reply.ts";
import { endNamed, moveItem } from "../families/list.ts";

export const lMove: Command = {
  name: "lmove",
  arity: 5,
  flags: ["write", "denyoom"],
  keys: [1, 2, 1],
  run: (words, client) => {
    const ends = [endNamed(words[3]!), endNamed(words[4]!)] as const;
    return bulkOrNil(client.version, moveItem(client, words[1]!, words[2]!, ...ends));
  },
};

import type { Command } from "../command.ts";
import { moving } from "../families/blocking-list.ts";
import { endNamed } from "../families/list.ts";

export const bLMove: Command = {
  name: "blmove",
  arity: 6,
  flags: ["write", "denyoom", "blocking"],
  keys: [1, 2, 1],
  run: (words, client) =>
    moving(client, words[1]!, words[2]!, [endNamed(words[3]!), endNamed(words[4]!)], words[5]!),
};

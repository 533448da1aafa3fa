import type { Command } from "../command.ts";
import { moving } from "../families/blocking-list.ts";

export const bRPopLPush: Command = {
  name: "brpoplpush",
  arity: 4,
  flags: ["write", "denyoom", "blocking"],
  keys: [1, 2, 1],
  run: (words, client) => moving(client, words[1]!, words[2]!, ["right", "left"], words[3]!),
};

import type { Command } from "../command.ts";
import { ok } from "../reply.ts";
import { move } from "../families/keys.ts";

export const rename: Command = {
  name: "rename",
  arity: 3,
  flags: ["write"],
  keys: [1, 2, 1],
  run: (words, client) => {
    move(client, words[1]!, words[2]!);
    return ok;
  },
};

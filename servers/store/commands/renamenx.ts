import type { Command } from "../command.ts";
import { refuse } from "../refusal.ts";
import { yes } from "../reply.ts";
import { move } from "../families/keys.ts";

export const renameNx: Command = {
  name: "renamenx",
  arity: 3,
  flags: ["write", "fast"],
  keys: [1, 2, 1],
  run: (words, client) => {
    if (!client.db.has(words[1]!)) refuse("no such key");
    if (client.db.has(words[2]!)) return yes(false);
    move(client, words[1]!, words[2]!);
    return yes(true);
  },
};

import type { Command } from "../command.ts";
import { yes } from "../reply.ts";
import { refuseOdd, setMany } from "../families/set.ts";

export const mSetNx: Command = {
  name: "msetnx",
  arity: -3,
  flags: ["write", "denyoom"],
  keys: [1, -1, 2],
  run: (words, client) => {
    refuseOdd(words, "msetnx");
    for (let at = 1; at < words.length; at += 2) if (client.db.has(words[at]!)) return yes(false);
    setMany(words, client);
    return yes(true);
  },
};

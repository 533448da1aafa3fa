import type { Command } from "../command.ts";
import { ok } from "../reply.ts";
import { refuseOdd, setMany } from "../families/set.ts";

export const mSet: Command = {
  name: "mset",
  arity: -3,
  flags: ["write", "denyoom"],
  keys: [1, -1, 2],
  run: (words, client) => {
    refuseOdd(words, "mset");
    setMany(words, client);
    return ok;
  },
};

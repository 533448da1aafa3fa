import type { Command } from "../command.ts";
import { refuse } from "../refusal.ts";
import { bulkOrNil, integer } from "../reply.ts";
import { weigh } from "../value.ts";

export const memory: Command = {
  name: "memory",
  arity: -2,
  flags: ["readonly"],
  keys: [2, 2, 1],
  run: (words, { db, version }) => {
    if (words[1]!.toLowerCase() !== "usage" || words[2] === undefined)
      return refuse(`unknown subcommand '${words[1]}'. Try MEMORY HELP.`);
    const value = db.get(words[2]);
    return value === undefined ? bulkOrNil(version, undefined) : integer(weigh(words[2], value));
  },
};

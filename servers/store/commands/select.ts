import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { refuse } from "../refusal.ts";
import { ok } from "../reply.ts";

export const select: Command = {
  name: "select",
  arity: 2,
  flags: ["loading", "fast"],
  run: (words, client) => {
    const index = integerOf(words[1]!);
    client.db = client.engine.databases[index] ?? refuse("DB index is out of range");
    return ok;
  },
};

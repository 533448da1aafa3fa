import type { Command } from "../command.ts";
import { refuse } from "../refusal.ts";
import { ok } from "../reply.ts";

export const multi: Command = {
  name: "multi",
  arity: 1,
  flags: ["fast", "no_multi"],
  run: (_, client) => {
    if (client.transaction) refuse("MULTI calls can not be nested");
    client.transaction = { commands: [], isBroken: false };
    return ok;
  },
};

import type { Command } from "../command.ts";
import { refuse } from "../refusal.ts";
import { ok } from "../reply.ts";

export const discard: Command = {
  name: "discard",
  arity: 1,
  flags: ["fast", "no_multi"],
  run: (_, client) => {
    if (!client.transaction) refuse("DISCARD without MULTI");
    client.transaction = undefined;
    client.engine.unwatch(client);
    return ok;
  },
};

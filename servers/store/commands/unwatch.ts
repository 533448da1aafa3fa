import type { Command } from "../command.ts";
import { ok } from "../reply.ts";

export const unwatch: Command = {
  name: "unwatch",
  arity: 1,
  flags: ["fast"],
  run: (_, client) => {
    client.engine.unwatch(client);
    return ok;
  },
};

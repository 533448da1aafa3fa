import type { Command } from "../command.ts";
import { ok } from "../reply.ts";

export const quit: Command = {
  name: "quit",
  arity: -1,
  flags: ["loading", "fast", "no_auth", "no_multi"],
  run: (_, client) => {
    client.isLeaving = true;
    return ok;
  },
};

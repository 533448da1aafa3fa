import type { Command } from "../command.ts";
import { simple } from "../reply.ts";

export const reset: Command = {
  name: "reset",
  arity: 1,
  flags: ["noscript", "loading", "fast", "no_auth", "no_multi"],
  run: (_, client) => {
    const { engine } = client;
    client.transaction = undefined;
    engine.unwatch(client);
    engine.channels.forget(client);
    client.db = engine.databases[0]!;
    client.version = 2;
    client.name = "";
    client.replies = "on";
    client.isAuthenticated = !engine.needsPassword;
    return simple("RESET");
  },
};

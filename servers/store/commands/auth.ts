import type { Command } from "../command.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { ok } from "../reply.ts";
import { login } from "../families/connection.ts";

export const auth: Command = {
  name: "auth",
  arity: -2,
  flags: ["noscript", "loading", "fast", "no_auth"],
  run: (words, client) => {
    if (words.length > 3) refuse(syntaxError);
    if (words.length === 2 && !client.engine.needsPassword) {
      refuse(
        "AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
      );
    }
    if (words.length === 2) login(client, "default", words[1]!);
    else login(client, words[1]!, words[2]!);
    return ok;
  },
};

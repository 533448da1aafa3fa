import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { ok } from "../reply.ts";

export function flushing(name: string, databases: (client: Client) => readonly Client["db"][]): Command {
  return {
    name,
    arity: -1,
    flags: ["write"],
    run: (words, client) => {
      const mode = words[1]?.toLowerCase() ?? "sync";
      if (words.length > 2 || (mode !== "sync" && mode !== "async")) refuse(syntaxError);
      for (const db of databases(client)) db.clear();
      // Written down even when there was nothing to remove, as Redis does.
      client.engine.changes++;
      return ok;
    },
  };
}

import type { Command } from "../command.ts";
import { refuse } from "../refusal.ts";
import { simple } from "../reply.ts";

export const bgRewriteAof: Command = {
  name: "bgrewriteaof",
  arity: 1,
  flags: ["admin", "noscript"],
  run: (_, { engine }) => {
    if (!engine.journal) return refuse("this store keeps no file; start it with a folder");
    if (engine.journal.isRewriting)
      return refuse("Background append only file rewriting already in progress");
    void engine.journal.rewrite();
    return simple("Background append only file rewriting started");
  },
};

import type { Command } from "../command.ts";
import { integer } from "../reply.ts";

export const lastSave: Command = {
  name: "lastsave",
  arity: 1,
  flags: ["loading", "fast"],
  run: (_, { engine }) => integer(Math.floor(engine.startedMs / 1_000)),
};

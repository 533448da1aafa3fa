import type { Command } from "../command.ts";
import { bulk } from "../reply.ts";

export const echo: Command = {
  name: "echo",
  arity: 2,
  flags: ["loading", "fast"],
  run: (words) => bulk(words[1]!),
};

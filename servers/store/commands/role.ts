import type { Command } from "../command.ts";
import { array, bulk, emptyArray, integer } from "../reply.ts";

export const role: Command = {
  name: "role",
  arity: 1,
  flags: ["noscript", "loading", "fast"],
  run: () => array([bulk("master"), integer(0), emptyArray]),
};

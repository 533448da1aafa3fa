import type { Command } from "../command.ts";
import { simple } from "../reply.ts";
import { typeOf } from "../value.ts";

export const type: Command = {
  name: "type",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => simple(typeOf(db.get(words[1]!))),
};

import type { Command } from "../command.ts";
import { integer } from "../reply.ts";
import { checkLength } from "../families/substring.ts";

export const append: Command = {
  name: "append",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, client) => {
    const before = client.db.string(words[1]!) ?? "";
    checkLength(before.length + words[2]!.length, client);
    const value = before + words[2]!;
    client.db.replace(words[1]!, value);
    return integer(value.length);
  },
};

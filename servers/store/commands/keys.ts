import type { Command } from "../command.ts";
import { matcher } from "../pattern.ts";
import { bulks } from "../reply.ts";

export const keys: Command = {
  name: "keys",
  arity: 2,
  flags: ["readonly"],
  run: (words, { db }) => {
    const matches = matcher(words[1]!);
    return bulks([...db.entries.keys()].filter((key) => matches(key) && !db.expireIfDue(key)));
  },
};

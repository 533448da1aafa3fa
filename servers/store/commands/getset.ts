import type { Command } from "../command.ts";
import { bulkOrNil } from "../reply.ts";

export const getSet: Command = {
  name: "getset",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    const value = db.string(words[1]!);
    db.set(words[1]!, words[2]!);
    return bulkOrNil(version, value);
  },
};

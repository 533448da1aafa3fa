import type { Command } from "../command.ts";
import { bulkOrNil } from "../reply.ts";

export const getDel: Command = {
  name: "getdel",
  arity: 2,
  flags: ["write", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    const value = db.string(words[1]!);
    db.remove(words[1]!);
    return bulkOrNil(version, value);
  },
};

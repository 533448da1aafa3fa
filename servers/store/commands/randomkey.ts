import type { Command } from "../command.ts";
import { bulkOrNil } from "../reply.ts";

export const randomKey: Command = {
  name: "randomkey",
  arity: 1,
  flags: ["readonly"],
  run: (_, { db, version }) => {
    let key = db.entries.anyKey();
    while (key !== undefined && db.expireIfDue(key)) key = db.entries.anyKey();
    return bulkOrNil(version, key);
  },
};

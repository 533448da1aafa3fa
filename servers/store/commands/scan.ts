import type { Command } from "../command.ts";
import { typeOf } from "../value.ts";
import { optionsOf, pageReply } from "../families/scan.ts";

export const scan: Command = {
  name: "scan",
  arity: -2,
  flags: ["readonly"],
  run: (words, { db, engine }) => {
    const { cursor, count, type, matches } = optionsOf(words, 1, true);
    const page = engine.cursors.scan(cursor, count, db.entries);
    const names = page.names.filter(
      (name) =>
        matches(name) &&
        !db.expireIfDue(name) &&
        (type === undefined || typeOf(db.entries.get(name)) === type),
    );
    return pageReply(page, names);
  },
};

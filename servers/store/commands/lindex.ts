import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { bulkOrNil, nil } from "../reply.ts";
import { List } from "../values/list.ts";

export const lIndex: Command = {
  name: "lindex",
  arity: 3,
  flags: ["readonly"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    const list = db.of(words[1]!, List);
    if (!list) return nil(version);
    const index = integerOf(words[2]!);
    return bulkOrNil(version, list.items.at(index < 0 ? index + list.size : index));
  },
};

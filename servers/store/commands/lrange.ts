import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { bulks, emptyArray } from "../reply.ts";
import { span } from "../families/list.ts";
import { List } from "../values/list.ts";

export const lRange: Command = {
  name: "lrange",
  arity: 4,
  flags: ["readonly"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const [start, stop] = [integerOf(words[2]!), integerOf(words[3]!)];
    const list = db.of(words[1]!, List);
    if (!list) return emptyArray;
    return bulks(list.items.slice(...span(start, stop, list.size)));
  },
};

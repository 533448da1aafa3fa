import type { Command } from "../command.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { integer } from "../reply.ts";
import { List } from "../values/list.ts";

export const lInsert: Command = {
  name: "linsert",
  arity: 5,
  flags: ["write", "denyoom"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const [, key = "", where = "", pivot = "", item = ""] = words;
    const side = where.toLowerCase();
    if (side !== "before" && side !== "after") refuse(syntaxError);
    const list = db.of(key, List);
    if (!list) return integer(0);
    let index = 0;
    while (index < list.size && list.items.at(index) !== pivot) index++;
    if (index === list.size) return integer(-1);
    list.items.insert(side === "after" ? index + 1 : index, item);
    db.changed(key);
    return integer(list.size);
  },
};

import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { refuse } from "../refusal.ts";
import { ok } from "../reply.ts";
import { List } from "../values/list.ts";

export const lSet: Command = {
  name: "lset",
  arity: 4,
  flags: ["write", "denyoom"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const list = db.of(words[1]!, List) ?? refuse("no such key");
    const given = integerOf(words[2]!);
    const index = given < 0 ? given + list.size : given;
    if (index < 0 || index >= list.size) refuse("index out of range");
    list.items.replace(index, words[3]!);
    db.changed(words[1]!);
    return ok;
  },
};

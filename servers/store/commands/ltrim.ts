import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { ok } from "../reply.ts";
import { popFrom, span } from "../families/list.ts";
import { List } from "../values/list.ts";

export const lTrim: Command = {
  name: "ltrim",
  arity: 4,
  flags: ["write"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const [start, stop] = [integerOf(words[2]!), integerOf(words[3]!)];
    const list = db.of(words[1]!, List);
    if (!list) return ok;
    const { size } = list;
    const [from, to] = span(start, stop, size);
    const kept = from > to ? 0 : to - from + 1;
    popFrom(list, "right", kept === 0 ? size : size - 1 - to);
    popFrom(list, "left", list.size - kept);
    db.changed(words[1]!);
    return ok;
  },
};

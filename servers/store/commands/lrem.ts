import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { integer } from "../reply.ts";
import { type End, popFrom, pushTo } from "../families/list.ts";
import { List } from "../values/list.ts";

export const lRem: Command = {
  name: "lrem",
  arity: 4,
  flags: ["write"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const count = integerOf(words[2]!);
    const list = db.of(words[1]!, List);
    if (!list) return integer(0);
    const most = count === 0 ? Infinity : Math.abs(count);
    const end: End = count < 0 ? "right" : "left";
    const kept: string[] = [];
    let removed = 0;
    for (const item of popFrom(list, end, list.size)) {
      if (item === words[3] && removed < most) removed++;
      else kept.push(item);
    }
    for (const item of kept) pushTo(list, end === "left" ? "right" : "left", item);
    if (removed > 0) db.changed(words[1]!);
    return integer(removed);
  },
};

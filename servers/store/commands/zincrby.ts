import type { Command } from "../command.ts";
import { doubleOf } from "../numbers.ts";
import { refuse } from "../refusal.ts";
import { double } from "../reply.ts";
import { SortedSet } from "../values/sorted-set.ts";

export const zIncrBy: Command = {
  name: "zincrby",
  arity: 4,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    const [, key = "", increment = "", member = ""] = words;
    const amount = doubleOf(increment);
    const after = (db.of(key, SortedSet)?.score(member) ?? 0) + amount;
    if (Number.isNaN(after)) refuse("resulting score is not a number (NaN)");
    db.made(key, SortedSet).put(member, after);
    db.changed(key);
    return double(version, after);
  },
};

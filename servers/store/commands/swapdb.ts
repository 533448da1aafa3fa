import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { refuse } from "../refusal.ts";
import { ok } from "../reply.ts";

export const swapDb: Command = {
  name: "swapdb",
  arity: 3,
  flags: ["write", "fast"],
  run: (words, { engine }) => {
    const complaint = (which: string): string => `invalid ${which} DB index`;
    const one = integerOf(words[1]!, complaint("first"));
    const other = integerOf(words[2]!, complaint("second"));
    const [first, second] = [engine.databases[one], engine.databases[other]];
    if (!first || !second) return refuse("DB index is out of range");
    if (first !== second) first.swap(second);
    engine.changes++;
    return ok;
  },
};

import type { Command } from "../command.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { boundsOf, entriesOf, optionsOf, storeEntries } from "../families/sorted-set-range.ts";
import { SortedSet } from "../values/sorted-set.ts";

export const zRangeStore: Command = {
  name: "zrangestore",
  arity: -5,
  flags: ["write", "denyoom"],
  keys: [1, 2, 1],
  run: (words, { db }) => {
    const options = optionsOf(words, 5, "rank", false, true);
    if (options.withScores) refuse(syntaxError);
    const bounds = boundsOf(words[3]!, words[4]!, options);
    return storeEntries({ db }, words[1]!, entriesOf(db.of(words[2]!, SortedSet), bounds, options));
  },
};

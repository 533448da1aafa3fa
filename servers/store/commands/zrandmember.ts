import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { array, bulk, emptyArray, nil, scored } from "../reply.ts";
import { sample } from "../families/sample.ts";
import { SortedSet } from "../values/sorted-set.ts";

export const zRandMember: Command = {
  name: "zrandmember",
  arity: -2,
  flags: ["readonly"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    if (words.length > 4 || (words.length === 4 && words[3]!.toLowerCase() !== "withscores"))
      refuse(syntaxError);
    const count = words[2] === undefined ? undefined : integerOf(words[2]);
    const zset = db.of(words[1]!, SortedSet);
    if (!zset) return count === undefined ? nil(version) : emptyArray;
    const found = sample([...zset], count ?? 1);
    if (count === undefined) return bulk(found[0]!.member);
    return words.length === 4 ? scored(version, found) : array(found.map(({ member }) => bulk(member)));
  },
};

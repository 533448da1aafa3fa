import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { bulk, bulks, emptyArray, nil } from "../reply.ts";
import { sample } from "../families/sample.ts";
import { Members } from "../values/members.ts";

export const sRandMember: Command = {
  name: "srandmember",
  arity: -2,
  flags: ["readonly"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    if (words.length > 3) refuse(syntaxError);
    const count = words[2] === undefined ? undefined : integerOf(words[2]);
    const value = db.of(words[1]!, Members);
    if (!value) return count === undefined ? nil(version) : emptyArray;
    const found = sample([...value.members], count ?? 1);
    return count === undefined ? bulk(found[0]!) : bulks(found);
  },
};

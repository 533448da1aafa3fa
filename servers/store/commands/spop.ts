import type { Command } from "../command.ts";
import { integerWithin } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { bulk, nil, set } from "../reply.ts";
import { sample } from "../families/sample.ts";
import { Members } from "../values/members.ts";

export const sPop: Command = {
  name: "spop",
  arity: -2,
  flags: ["write", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, engine, version }) => {
    const key = words[1]!;
    if (words.length > 3) refuse(syntaxError);
    const outOfRange = "value is out of range, must be positive";
    const count = words[2] === undefined ? undefined : integerWithin(words[2], 0, Infinity, outOfRange);
    const value = db.of(key, Members);
    if (!value) return count === undefined ? nil(version) : set(version, []);
    const popped = sample([...value.members], count ?? 1);
    for (const member of popped) value.members.delete(member);
    if (popped.length > 0) {
      db.changed(key);
      engine.instead("SREM", key, ...popped);
    }
    return count === undefined ? bulk(popped[0]!) : set(version, popped);
  },
};

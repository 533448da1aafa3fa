import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { array, bulk, bulks, emptyArray, nil } from "../reply.ts";
import { sample } from "../families/sample.ts";
import { Hash } from "../values/hash.ts";

export const hRandField: Command = {
  name: "hrandfield",
  arity: -2,
  flags: ["readonly"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    if (words.length > 4 || (words.length === 4 && words[3]!.toLowerCase() !== "withvalues"))
      refuse(syntaxError);
    const count = words[2] === undefined ? undefined : integerOf(words[2]);
    const hash = db.of(words[1]!, Hash);
    if (count === undefined) return hash ? bulk(sample([...hash.fields.keys()], 1)[0]!) : nil(version);
    if (!hash) return emptyArray;
    const fields = sample([...hash.fields.keys()], count);
    if (words.length === 3) return bulks(fields);
    const pairs = fields.map((field) => [field, hash.fields.get(field)!]);
    return version === 3 ? array(pairs.map(bulks)) : bulks(pairs.flat());
  },
};

import type { Command } from "../command.ts";
import { integerWithin } from "../numbers.ts";
import { integer } from "../reply.ts";
import { bitAt, complaint, maxOffset } from "../families/bits.ts";

export const getBit: Command = {
  name: "getbit",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const offset = integerWithin(words[2]!, 0, maxOffset, complaint);
    return integer(bitAt(db.string(words[1]!) ?? "", offset));
  },
};

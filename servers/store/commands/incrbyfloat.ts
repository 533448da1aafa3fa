import type { Command } from "../command.ts";
import { addDecimals } from "../numbers.ts";
import { bulk } from "../reply.ts";

export const incrByFloat: Command = {
  name: "incrbyfloat",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, engine }) => {
    const key = words[1]!;
    const sum = addDecimals(db.string(key) ?? "0", words[2]!);
    db.replace(key, sum);
    engine.instead("SET", key, sum, "KEEPTTL");
    return bulk(sum);
  },
};

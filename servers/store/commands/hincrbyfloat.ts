import type { Command } from "../command.ts";
import { addDecimals } from "../numbers.ts";
import { bulk } from "../reply.ts";
import { Hash } from "../values/hash.ts";

export const hIncrByFloat: Command = {
  name: "hincrbyfloat",
  arity: 4,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, engine }) => {
    const [, key = "", field = "", increment = ""] = words;
    const sum = addDecimals(db.of(key, Hash)?.fields.get(field) ?? "0", increment);
    db.made(key, Hash).put(field, sum);
    db.changed(key);
    engine.instead("HSET", key, field, sum);
    return bulk(sum);
  },
};

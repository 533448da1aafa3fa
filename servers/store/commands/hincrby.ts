import type { Command } from "../command.ts";
import { addIntegers, readInteger } from "../numbers.ts";
import { notAnInteger, refuse } from "../refusal.ts";
import { Hash } from "../values/hash.ts";

export const hIncrBy: Command = {
  name: "hincrby",
  arity: 4,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const [, key = "", field = "", increment = ""] = words;
    if (readInteger(increment) === undefined) refuse(notAnInteger);
    const before = db.of(key, Hash)?.fields.get(field) ?? "0";
    if (readInteger(before) === undefined) refuse("hash value is not an integer");
    const sum = addIntegers(before, increment);
    db.made(key, Hash).put(field, sum);
    db.changed(key);
    return `:${sum}\r\n`;
  },
};

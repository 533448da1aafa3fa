import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { refuse } from "../refusal.ts";
import { integer } from "../reply.ts";
import { checkLength } from "../families/substring.ts";

export const setRange: Command = {
  name: "setrange",
  arity: 4,
  flags: ["write", "denyoom"],
  keys: [1, 1, 1],
  run: (words, client) => {
    const [, key = "", , text = ""] = words;
    const offset = integerOf(words[2]!);
    if (offset < 0) refuse("offset is out of range");
    const before = client.db.string(key) ?? "";
    if (text === "") return integer(before.length);
    checkLength(offset + text.length, client);
    const value = before.slice(0, offset).padEnd(offset, "\0") + text + before.slice(offset + text.length);
    client.db.replace(key, value);
    return integer(value.length);
  },
};

import type { Command } from "../command.ts";
import type { Client } from "../client.ts";
import { integerOf } from "../numbers.ts";
import { bulk, integer } from "../reply.ts";
import { refuse } from "../refusal.ts";

function checkLength(length: number, { engine }: Client): void {
  if (length > engine.options.maxValueBytes)
    refuse("string exceeds maximum allowed size (proto-max-bulk-len)");
}

export const append: Command = {
  name: "append",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, client) => {
    const before = client.db.string(words[1]!) ?? "";
    checkLength(before.length + words[2]!.length, client);
    const value = before + words[2]!;
    client.db.replace(words[1]!, value);
    return integer(value.length);
  },
};

export const strLen: Command = {
  name: "strlen",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => integer(db.string(words[1]!)?.length ?? 0),
};

function range(name: string): Command {
  return {
    name,
    arity: 4,
    flags: ["readonly"],
    keys: [1, 1, 1],
    run: (words, { db }) => {
      let from = integerOf(words[2]!);
      let to = integerOf(words[3]!);
      const value = db.string(words[1]!) ?? "";
      if (from < 0 && to < 0 && from > to) return bulk("");
      if (from < 0) from = Math.max(from + value.length, 0);
      if (to < 0) to = Math.max(to + value.length, 0);
      return bulk(value.slice(from, to + 1));
    },
  };
}

export const getRange = range("getrange");
export const subStr = range("substr");

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

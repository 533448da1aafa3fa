import type { Command } from "../command.ts";
import { integer } from "../reply.ts";
import { Hash } from "../values/hash.ts";

export const hStrLen: Command = {
  name: "hstrlen",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => integer(db.of(words[1]!, Hash)?.fields.get(words[2]!)?.length ?? 0),
};

import type { Command } from "../command.ts";
import { integer } from "../reply.ts";
import { Stream } from "../values/stream.ts";

export const xLen: Command = {
  name: "xlen",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => integer(db.of(words[1]!, Stream)?.size ?? 0),
};

import type { Command } from "../command.ts";
import { bulkOrNil } from "../reply.ts";
import { Hash } from "../values/hash.ts";

export const hGet: Command = {
  name: "hget",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => bulkOrNil(version, db.of(words[1]!, Hash)?.fields.get(words[2]!)),
};

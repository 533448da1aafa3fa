import type { Command } from "../command.ts";
import { array, bulkOrNil } from "../reply.ts";
import { Hash } from "../values/hash.ts";

export const hMGet: Command = {
  name: "hmget",
  arity: -3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    const fields = db.of(words[1]!, Hash)?.fields;
    return array(words.slice(2).map((field) => bulkOrNil(version, fields?.get(field))));
  },
};

import type { Command } from "../command.ts";
import { bulkOrNil } from "../reply.ts";

export const get: Command = {
  name: "get",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, client) => bulkOrNil(client.version, client.db.string(words[1]!)),
};

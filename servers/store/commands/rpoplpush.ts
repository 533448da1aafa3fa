import type { Command } from "../command.ts";
import { bulkOrNil } from "../reply.ts";
import { moveItem } from "../families/list.ts";

export const rPopLPush: Command = {
  name: "rpoplpush",
  arity: 3,
  flags: ["write", "denyoom"],
  keys: [1, 2, 1],
  run: (words, client) => bulkOrNil(client.version, moveItem(client, words[1]!, words[2]!, "right", "left")),
};

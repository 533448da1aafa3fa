import type { Command } from "../command.ts";
import { bulkOrNil, nil } from "../reply.ts";

export const mGet: Command = {
  name: "mget",
  arity: -2,
  flags: ["readonly", "fast"],
  keys: [1, -1, 1],
  run: (words, { db, version }) => {
    let reply = `*${words.length - 1}\r\n`;
    for (let at = 1; at < words.length; at++) {
      const value = db.get(words[at]!);
      reply += typeof value === "string" ? bulkOrNil(version, value) : nil(version);
    }
    return reply;
  },
};

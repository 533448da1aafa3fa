import type { Command } from "../command.ts";
import { integer } from "../reply.ts";
import { Stream, readId } from "../values/stream.ts";

export const xDel: Command = {
  name: "xdel",
  arity: -3,
  flags: ["write", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const ids = words.slice(2).map((word) => readId(word, 0));
    const stream = db.of(words[1]!, Stream);
    const removed = stream ? ids.filter((id) => stream.remove(id)).length : 0;
    if (removed > 0) db.changed(words[1]!);
    return integer(removed);
  },
};

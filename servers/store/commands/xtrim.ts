import type { Command } from "../command.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { integer } from "../reply.ts";
import { trimOf, trimStream } from "../families/stream-add.ts";
import { Stream, readId } from "../values/stream.ts";

export const xTrim: Command = {
  name: "xtrim",
  arity: -4,
  flags: ["write"],
  keys: [1, 1, 1],
  run: (words, { db, engine }) => {
    const key = words[1]!;
    const by = words[2]!.toLowerCase();
    if (by !== "maxlen" && by !== "minid") refuse(syntaxError);
    const { trim, at } = trimOf(words, 2);
    if (at !== words.length) refuse(syntaxError);
    if (trim.by === "minid") readId(trim.threshold, 0);
    const stream = db.of(key, Stream);
    const removed = stream ? trimStream(stream, trim) : 0;
    if (stream && removed > 0) {
      db.changed(key);
      engine.instead("XTRIM", key, "MAXLEN", "=", String(stream.size));
    }
    return integer(removed);
  },
};

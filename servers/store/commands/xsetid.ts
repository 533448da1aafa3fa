import type { Command } from "../command.ts";
import { integerWithin } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { Stream, compareIds, readId } from "../values/stream.ts";

/** XSETID key last-id [ENTRIESADDED n] [MAXDELETEDID id]: how a file says what is not in the entries. */
export const xSetId: Command = {
  name: "xsetid",
  arity: -3,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const id = readId(words[2]!, 0);
    const options = new Map<string, string>();
    for (let at = 3; at < words.length; at += 2) options.set(words[at]!.toLowerCase(), words[at + 1] ?? "");
    for (const option of options.keys())
      if (option !== "entriesadded" && option !== "maxdeletedid") refuse(syntaxError);
    const added = options.get("entriesadded");
    const maxDeleted = options.get("maxdeletedid");
    const stream = db.of(words[1]!, Stream) ?? refuse("no such key");
    const newest = stream.entries.at(stream.size - 1)?.id;
    if (newest && compareIds(id, newest) < 0)
      refuse("The ID specified in XSETID is smaller than the target stream top item");
    if (added !== undefined)
      stream.added = integerWithin(added, 0, Infinity, "entries_added must be positive");
    if (maxDeleted !== undefined) stream.maxDeleted = readId(maxDeleted, 0);
    stream.last = id;
    db.changed(words[1]!);
    return "+OK\r\n";
  },
};

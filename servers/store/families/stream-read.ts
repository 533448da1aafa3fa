import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { bulk, bulks, emptyArray, nilArray } from "../reply.ts";
import {
  Stream,
  type StreamEntry,
  type StreamId,
  firstId,
  idAfter,
  idBefore,
  lastId,
  maxIdPart,
  printId,
  readId,
} from "../values/stream.ts";

export function entriesReply(entries: readonly StreamEntry[]): string {
  let reply = `*${entries.length}\r\n`;
  for (const { id, fields } of entries) reply += `*2\r\n${bulk(printId(id))}${bulks(fields)}`;
  return reply;
}

/** `-`, `+`, `5`, `5-1`, `(5-1`: one end of a range. */
function bound(word: string, isStart: boolean): StreamId {
  if (word === "-") return firstId;
  if (word === "+") return lastId;
  const isExclusive = word.startsWith("(");
  const id = readId(isExclusive ? word.slice(1) : word, isStart ? 0 : maxIdPart);
  if (!isExclusive) return id;
  if (isStart)
    return id.ms === maxIdPart && id.sequence === maxIdPart
      ? refuse("invalid start ID for the interval")
      : idAfter(id);
  return id.ms === 0 && id.sequence === 0 ? refuse("invalid end ID for the interval") : idBefore(id);
}

export function ranging(name: string, isReversed: boolean): Command {
  return {
    name,
    arity: -4,
    flags: ["readonly"],
    keys: [1, 1, 1],
    run: (words, { db, version }) => {
      const [start, end] = isReversed ? [words[3]!, words[2]!] : [words[2]!, words[3]!];
      const from = bound(start, true);
      const to = bound(end, false);
      let count = Infinity;
      if (words.length > 4) {
        if (words.length !== 6 || words[4]!.toLowerCase() !== "count") refuse(syntaxError);
        count = Math.max(integerOf(words[5]!), 0);
      }
      const stream = db.of(words[1]!, Stream);
      if (!stream) return emptyArray;
      if (count === 0) return nilArray(version);
      return entriesReply(stream.range(from, to, count, isReversed));
    },
  };
}

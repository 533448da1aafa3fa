import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { bulk, nil } from "../reply.ts";
import { type Trim, trimOf, trimStream } from "../families/stream-add.ts";
import {
  Stream,
  type StreamId,
  compareIds,
  firstId,
  idAfter,
  maxIdPart,
  printId,
  readId,
} from "../values/stream.ts";

export const xAdd: Command = {
  name: "xadd",
  arity: -5,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, client) => {
    const { db, engine, version } = client;
    const key = words[1]!;
    let at = 2;
    let isOnlyThere = false;
    let trim: Trim | undefined;
    for (; at < words.length;) {
      const word = words[at]!.toLowerCase();
      if (word === "nomkstream") {
        isOnlyThere = true;
        at++;
      } else if (word === "maxlen" || word === "minid") ({ trim, at } = trimOf(words, at));
      else break;
    }
    const idWord = words[at] ?? refuse(syntaxError);
    const fields = words.slice(at + 1);
    if (fields.length === 0 || fields.length % 2 !== 0)
      refuse("wrong number of arguments for 'xadd' command");
    if (/^0+(?:-0+)?$/.test(idWord)) refuse("The ID specified in XADD must be greater than 0-0");
    const known = db.of(key, Stream);
    const id = idFor(idWord, known?.last ?? firstId, client);
    if (trim?.by === "minid") readId(trim.threshold, 0);
    if (!known && isOnlyThere) return nil(version);
    const stream = known ?? db.made(key, Stream);
    stream.append(id, fields);
    if (trim) trimStream(stream, trim);
    db.changed(key);
    engine.instead("XADD", key, printId(id), ...fields);
    // Said exactly, whatever "about" was: the same entries must be there after a reload.
    if (trim) engine.instead("XTRIM", key, "MAXLEN", "=", String(stream.size));
    return bulk(printId(id));
  },
};

/** The id of a new entry: `*`, `ms-*`, or one that was chosen. @throws Refusal when it is not above the last */
function idFor(word: string, last: StreamId, { engine }: Client): StreamId {
  if (word === "*") {
    const ms = engine.clock.now();
    return ms > last.ms ? { ms, sequence: 0 } : idAfter(last);
  }
  const isOpen = word.endsWith("-*");
  const given = readId(isOpen ? word.slice(0, -2) : word, 0);
  const id = isOpen && given.ms === last.ms ? { ms: given.ms, sequence: last.sequence + 1 } : given;
  if (id.sequence > maxIdPart)
    refuse("The stream has exhausted the last possible ID, unable to add more items");
  if (compareIds(id, last) <= 0) {
    if (isOpen && compareIds(last, firstId) === 0) return { ms: 0, sequence: 1 };
    refuse("The ID specified in XADD is equal or smaller than the target stream top item");
  }
  return id;
}

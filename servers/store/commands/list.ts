import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { integerOf, integerWithin } from "../numbers.ts";
import { bulk, bulkOrNil, bulks, emptyArray, integer, nil, nilArray, ok } from "../reply.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { List } from "../values/list.ts";

/** Which end of a list. */
export type End = "left" | "right";

function pushing(name: string, end: End, isOnlyThere: boolean): Command {
  return {
    name,
    arity: -3,
    flags: ["write", "denyoom", "fast"],
    keys: [1, 1, 1],
    run: (words, { db }) => {
      const key = words[1]!;
      const list = isOnlyThere ? db.of(key, List) : db.made(key, List);
      if (!list) return integer(0);
      for (let at = 2; at < words.length; at++) pushTo(list, end, words[at]!);
      db.changed(key);
      return integer(list.size);
    },
  };
}

export const lPush = pushing("lpush", "left", false);
export const rPush = pushing("rpush", "right", false);
export const lPushX = pushing("lpushx", "left", true);
export const rPushX = pushing("rpushx", "right", true);

export function pushTo(list: List, end: End, item: string): void {
  if (end === "left") list.items.unshift(item);
  else list.items.push(item);
}

export function popFrom(list: List, end: End, count: number): string[] {
  const popped: string[] = [];
  for (let left = Math.min(count, list.size); left > 0; left--)
    popped.push((end === "left" ? list.items.shift() : list.items.pop())!);
  return popped;
}

function popping(name: string, end: End): Command {
  return {
    name,
    arity: -2,
    flags: ["write", "fast"],
    keys: [1, 1, 1],
    run: (words, { db, version }) => {
      const key = words[1]!;
      if (words.length > 3) refuse(`wrong number of arguments for '${name}' command`);
      const outOfRange = "value is out of range, must be positive";
      const count = words[2] === undefined ? undefined : integerWithin(words[2], 0, Infinity, outOfRange);
      const list = db.of(key, List);
      if (!list) return count === undefined ? nil(version) : nilArray(version);
      const popped = popFrom(list, end, count ?? 1);
      if (popped.length > 0) db.changed(key);
      return count === undefined ? bulk(popped[0]!) : bulks(popped);
    },
  };
}

export const lPop = popping("lpop", "left");
export const rPop = popping("rpop", "right");

export const lLen: Command = {
  name: "llen",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => integer(db.of(words[1]!, List)?.size ?? 0),
};

/** Two indexes, of which negative ones count from the end. */
export function span(from: number, to: number, size: number): readonly [from: number, to: number] {
  return [Math.max(from < 0 ? from + size : from, 0), Math.min(to < 0 ? to + size : to, size - 1)];
}

export const lRange: Command = {
  name: "lrange",
  arity: 4,
  flags: ["readonly"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const [start, stop] = [integerOf(words[2]!), integerOf(words[3]!)];
    const list = db.of(words[1]!, List);
    if (!list) return emptyArray;
    return bulks(list.items.slice(...span(start, stop, list.size)));
  },
};

export const lTrim: Command = {
  name: "ltrim",
  arity: 4,
  flags: ["write"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const [start, stop] = [integerOf(words[2]!), integerOf(words[3]!)];
    const list = db.of(words[1]!, List);
    if (!list) return ok;
    const { size } = list;
    const [from, to] = span(start, stop, size);
    const kept = from > to ? 0 : to - from + 1;
    popFrom(list, "right", kept === 0 ? size : size - 1 - to);
    popFrom(list, "left", list.size - kept);
    db.changed(words[1]!);
    return ok;
  },
};

export const lIndex: Command = {
  name: "lindex",
  arity: 3,
  flags: ["readonly"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    const list = db.of(words[1]!, List);
    if (!list) return nil(version);
    const index = integerOf(words[2]!);
    return bulkOrNil(version, list.items.at(index < 0 ? index + list.size : index));
  },
};

export const lSet: Command = {
  name: "lset",
  arity: 4,
  flags: ["write", "denyoom"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const list = db.of(words[1]!, List) ?? refuse("no such key");
    const given = integerOf(words[2]!);
    const index = given < 0 ? given + list.size : given;
    if (index < 0 || index >= list.size) refuse("index out of range");
    list.items.replace(index, words[3]!);
    db.changed(words[1]!);
    return ok;
  },
};

export const lInsert: Command = {
  name: "linsert",
  arity: 5,
  flags: ["write", "denyoom"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const [, key = "", where = "", pivot = "", item = ""] = words;
    const side = where.toLowerCase();
    if (side !== "before" && side !== "after") refuse(syntaxError);
    const list = db.of(key, List);
    if (!list) return integer(0);
    let index = 0;
    while (index < list.size && list.items.at(index) !== pivot) index++;
    if (index === list.size) return integer(-1);
    list.items.insert(side === "after" ? index + 1 : index, item);
    db.changed(key);
    return integer(list.size);
  },
};

export const lRem: Command = {
  name: "lrem",
  arity: 4,
  flags: ["write"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const count = integerOf(words[2]!);
    const list = db.of(words[1]!, List);
    if (!list) return integer(0);
    const most = count === 0 ? Infinity : Math.abs(count);
    const end: End = count < 0 ? "right" : "left";
    const kept: string[] = [];
    let removed = 0;
    for (const item of popFrom(list, end, list.size)) {
      if (item === words[3] && removed < most) removed++;
      else kept.push(item);
    }
    for (const item of kept) pushTo(list, end === "left" ? "right" : "left", item);
    if (removed > 0) db.changed(words[1]!);
    return integer(removed);
  },
};

/** Take from one list and put it into another. @returns nothing when there is none */
export function moveItem(
  { db }: Client,
  from: string,
  to: string,
  fromEnd: End,
  toEnd: End,
): string | undefined {
  const source = db.of(from, List);
  if (!source) return undefined;
  db.of(to, List);
  const [item] = popFrom(source, fromEnd, 1);
  if (item === undefined) return undefined;
  // The same list may be both; it must not be taken away when it is empty for a moment.
  if (from === to) pushTo(source, toEnd, item);
  else {
    pushTo(db.made(to, List), toEnd, item);
    db.changed(to);
  }
  db.changed(from);
  return item;
}

/** @throws Refusal for a word that is neither LEFT nor RIGHT */
export function endNamed(word: string): End {
  const end = word.toLowerCase();
  return end === "left" || end === "right" ? end : refuse(syntaxError);
}

export const lMove: Command = {
  name: "lmove",
  arity: 5,
  flags: ["write", "denyoom"],
  keys: [1, 2, 1],
  run: (words, client) => {
    const ends = [endNamed(words[3]!), endNamed(words[4]!)] as const;
    return bulkOrNil(client.version, moveItem(client, words[1]!, words[2]!, ...ends));
  },
};

export const rPopLPush: Command = {
  name: "rpoplpush",
  arity: 3,
  flags: ["write", "denyoom"],
  keys: [1, 2, 1],
  run: (words, client) => bulkOrNil(client.version, moveItem(client, words[1]!, words[2]!, "right", "left")),
};

import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { integerWithin } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { bulk, bulks, integer, nil, nilArray } from "../reply.ts";
import { List } from "../values/list.ts";

/** Which end of a list. */
export type End = "left" | "right";

export function pushing(name: string, end: End, isOnlyThere: boolean): Command {
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

export function popping(name: string, end: End): Command {
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

/** Two indexes, of which negative ones count from the end. */
export function span(from: number, to: number, size: number): readonly [from: number, to: number] {
  return [Math.max(from < 0 ? from + size : from, 0), Math.min(to < 0 ? to + size : to, size - 1)];
}

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

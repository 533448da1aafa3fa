import type { Command } from "../command.ts";
import { integerOf, integerWithin } from "../numbers.ts";
import { array, bulk, bulks, emptyArray, integer, nil, set, yes } from "../reply.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { Members } from "../values/members.ts";
import { sample } from "./sample.ts";

export const sAdd: Command = {
  name: "sadd",
  arity: -3,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const members = db.made(words[1]!, Members);
    let added = 0;
    for (let at = 2; at < words.length; at++) if (members.add(words[at]!)) added++;
    if (added > 0) db.changed(words[1]!);
    return integer(added);
  },
};

export const sRem: Command = {
  name: "srem",
  arity: -3,
  flags: ["write", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const members = db.of(words[1]!, Members)?.members;
    let removed = 0;
    for (let at = 2; at < words.length; at++) if (members?.delete(words[at]!)) removed++;
    if (removed > 0) db.changed(words[1]!);
    return integer(removed);
  },
};

export const sMembers: Command = {
  name: "smembers",
  arity: 2,
  flags: ["readonly"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => set(version, db.of(words[1]!, Members)?.list() ?? []),
};

export const sIsMember: Command = {
  name: "sismember",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => yes(db.of(words[1]!, Members)?.members.has(words[2]!) ?? false),
};

export const sMIsMember: Command = {
  name: "smismember",
  arity: -3,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const members = db.of(words[1]!, Members)?.members;
    return array(words.slice(2).map((member) => yes(members?.has(member) ?? false)));
  },
};

export const sCard: Command = {
  name: "scard",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [1, 1, 1],
  run: (words, { db }) => integer(db.of(words[1]!, Members)?.size ?? 0),
};

export const sMove: Command = {
  name: "smove",
  arity: 4,
  flags: ["write", "fast"],
  keys: [1, 2, 1],
  run: (words, { db }) => {
    const [, from = "", to = "", member = ""] = words;
    const source = db.of(from, Members);
    if (!source) return yes(false);
    const target = db.of(to, Members);
    if (source === target) return yes(source.members.has(member));
    if (!source.members.delete(member)) return yes(false);
    db.made(to, Members).add(member);
    db.changed(from);
    db.changed(to);
    return yes(true);
  },
};

export const sPop: Command = {
  name: "spop",
  arity: -2,
  flags: ["write", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, engine, version }) => {
    const key = words[1]!;
    if (words.length > 3) refuse(syntaxError);
    const outOfRange = "value is out of range, must be positive";
    const count = words[2] === undefined ? undefined : integerWithin(words[2], 0, Infinity, outOfRange);
    const value = db.of(key, Members);
    if (!value) return count === undefined ? nil(version) : set(version, []);
    const popped = sample([...value.members], count ?? 1);
    for (const member of popped) value.members.delete(member);
    if (popped.length > 0) {
      db.changed(key);
      engine.instead("SREM", key, ...popped);
    }
    return count === undefined ? bulk(popped[0]!) : set(version, popped);
  },
};

export const sRandMember: Command = {
  name: "srandmember",
  arity: -2,
  flags: ["readonly"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    if (words.length > 3) refuse(syntaxError);
    const count = words[2] === undefined ? undefined : integerOf(words[2]);
    const value = db.of(words[1]!, Members);
    if (!value) return count === undefined ? nil(version) : emptyArray;
    const found = sample([...value.members], count ?? 1);
    return count === undefined ? bulk(found[0]!) : bulks(found);
  },
};

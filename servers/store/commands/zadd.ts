import type { Command } from "../command.ts";
import { doubleOf } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { double, integer, nil } from "../reply.ts";
import { SortedSet } from "../values/sorted-set.ts";

interface AddOptions {
  nx: boolean;
  xx: boolean;
  gt: boolean;
  lt: boolean;
  ch: boolean;
  incr: boolean;
}

export const zAdd: Command = {
  name: "zadd",
  arity: -4,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    const key = words[1]!;
    const { options, at } = addOptionsOf(words);
    const pairs: { score: number; member: string }[] = [];
    for (let place = at; place < words.length; place += 2)
      pairs.push({ score: doubleOf(words[place]!), member: words[place + 1]! });
    const known = db.of(key, SortedSet);
    if (!known && options.xx) return options.incr ? nil(version) : integer(0);
    const zset = known ?? new SortedSet();
    let added = 0;
    let updated = 0;
    let last: number | undefined;
    for (const { score, member } of pairs) {
      const before = zset.score(member);
      const after = options.incr && before !== undefined ? before + score : score;
      if (before !== undefined && options.nx) continue;
      if (Number.isNaN(after)) refuse("resulting score is not a number (NaN)");
      if (before === undefined ? options.xx : isKept(options, before, after)) continue;
      last = after;
      if (before === undefined) added++;
      else if (before !== after) updated++;
      if (before !== after) zset.put(member, after);
    }
    if (added + updated > 0) {
      if (known) db.changed(key);
      else db.set(key, zset);
    }
    if (options.incr) return last === undefined ? nil(version) : double(version, last);
    return integer(options.ch ? added + updated : added);
  },
};

function isKept({ gt, lt }: AddOptions, before: number, after: number): boolean {
  return (gt && after <= before) || (lt && after >= before);
}

function addOptionsOf(words: readonly string[]): { options: AddOptions; at: number } {
  const options = { nx: false, xx: false, gt: false, lt: false, ch: false, incr: false };
  let at = 2;
  for (; at < words.length; at++) {
    const word = words[at]!.toLowerCase();
    if (!Object.hasOwn(options, word)) break;
    options[word as keyof AddOptions] = true;
  }
  const rest = words.length - at;
  if (rest === 0 || rest % 2 !== 0) refuse(syntaxError);
  if (options.nx && options.xx) refuse("XX and NX options at the same time are not compatible");
  if ((options.gt && options.lt) || (options.nx && (options.gt || options.lt)))
    refuse("GT, LT, and/or NX options at the same time are not compatible");
  if (options.incr && rest > 2) refuse("INCR option supports a single increment-element pair");
  return { options, at };
}

import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { array, integer, nil } from "../reply.ts";
import { List } from "../values/list.ts";

/** LPOS key element [RANK rank] [COUNT count] [MAXLEN length] */
export const lPos: Command = {
  name: "lpos",
  arity: -3,
  flags: ["readonly"],
  keys: [1, 1, 1],
  run: (words, { db, version }) => {
    const { rank, count, maxLength } = optionsOf(words);
    const list = db.of(words[1]!, List);
    const found: number[] = [];
    const size = list?.size ?? 0;
    let skip = Math.abs(rank) - 1;
    for (let step = 0; step < Math.min(size, maxLength || Infinity); step++) {
      const index = rank > 0 ? step : size - 1 - step;
      if (list?.items.at(index) !== words[2]) continue;
      if (skip-- > 0) continue;
      found.push(index);
      if (found.length === (count ?? 1)) break;
    }
    if (count !== undefined) return array(found.map(integer));
    return found[0] === undefined ? nil(version) : integer(found[0]);
  },
};

function optionsOf(words: readonly string[]): { rank: number; count: number | undefined; maxLength: number } {
  let rank = 1;
  let count: number | undefined;
  let maxLength = 0;
  for (let at = 3; at < words.length; at += 2) {
    const value = words[at + 1];
    const option = words[at]!.toLowerCase();
    if (value === undefined) return refuse(syntaxError);
    if (option === "rank") {
      rank = integerOf(value);
      if (rank === 0)
        refuse(
          "RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
        );
    } else if (option === "count") {
      count = integerOf(value);
      if (count < 0) refuse("COUNT can't be negative");
    } else if (option === "maxlen") {
      maxLength = integerOf(value);
      if (maxLength < 0) refuse("MAXLEN can't be negative");
    } else refuse(syntaxError);
  }
  return { rank, count, maxLength };
}

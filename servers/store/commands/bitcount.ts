import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { integer } from "../reply.ts";
import { bitAt } from "../families/bits.ts";

export const bitCount: Command = {
  name: "bitcount",
  arity: -2,
  flags: ["readonly"],
  keys: [1, 1, 1],
  run: (words, { db }) => {
    const unit = words[4]?.toLowerCase() ?? "byte";
    if (words.length === 3 || words.length > 5 || (unit !== "byte" && unit !== "bit")) refuse(syntaxError);
    const text = db.string(words[1]!);
    if (text === undefined) return integer(0);
    const total = unit === "bit" ? text.length * 8 : text.length;
    let from = integerOf(words[2] ?? "0");
    let to = integerOf(words[3] ?? "-1");
    if (from < 0 && to < 0 && from > to) return integer(0);
    if (from < 0) from = Math.max(from + total, 0);
    if (to < 0) to = Math.max(to + total, 0);
    to = Math.min(to, total - 1);
    let count = 0;
    if (unit === "bit") for (let at = from; at <= to; at++) count += bitAt(text, at);
    else
      for (let at = from; at <= to; at++)
        for (let byte = text.charCodeAt(at); byte > 0; byte &= byte - 1) count++;
    return integer(count);
  },
};

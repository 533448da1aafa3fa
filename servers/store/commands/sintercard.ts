import type { Command } from "../command.ts";
import { integerWithin } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { integer } from "../reply.ts";
import { inter, setsOf } from "../families/set-algebra.ts";

export const sInterCard: Command = {
  name: "sintercard",
  arity: -3,
  flags: ["readonly"],
  run: (words, client) => {
    const many = integerWithin(words[1]!, 1, Infinity, "numkeys should be greater than 0");
    if (many > words.length - 2) refuse("Number of keys can't be greater than number of args");
    const [option, amount, ...more] = words.slice(2 + many);
    let limit = 0;
    if (option !== undefined) {
      if (option.toLowerCase() !== "limit" || amount === undefined || more.length > 0) refuse(syntaxError);
      limit = integerWithin(amount ?? "", 0, Infinity, "LIMIT can't be negative");
    }
    const { size } = inter(setsOf(client, words.slice(2, 2 + many)));
    return integer(limit > 0 ? Math.min(size, limit) : size);
  },
};

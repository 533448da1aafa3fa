import type { Command } from "../command.ts";
import { integerWithin } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { integer } from "../reply.ts";
import { planOf, result } from "../families/sorted-set-algebra.ts";

export const zInterCard: Command = {
  name: "zintercard",
  arity: -3,
  flags: ["readonly"],
  run: (words, client) => {
    const many = integerWithin(words[1]!, 1, Infinity, "numkeys should be greater than 0");
    if (many > words.length - 2) refuse("Number of keys can't be greater than number of args");
    const [option, amount, ...more] = words.slice(2 + many);
    if (option !== undefined && (option.toLowerCase() !== "limit" || amount === undefined || more.length > 0))
      refuse(syntaxError);
    const limit = amount === undefined ? 0 : integerWithin(amount, 0, Infinity, "LIMIT can't be negative");
    const { size } = result(planOf(words.slice(0, 2 + many), 1, client, "inter", false), "inter");
    return integer(limit > 0 ? Math.min(limit, size) : size);
  },
};

import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { integerWithin } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { integer } from "../reply.ts";

/**
 * `numkeys key … [LIMIT limit]`: how many members all of the keys have.
 * @param sizeOf is told the words up to the last key
 */
export function interCard(
  name: string,
  sizeOf: (words: readonly string[], client: Client) => number,
): Command {
  return {
    name,
    arity: -3,
    flags: ["readonly"],
    run: (words, client) => {
      const many = integerWithin(words[1]!, 1, Infinity, "numkeys should be greater than 0");
      if (many > words.length - 2) refuse("Number of keys can't be greater than number of args");
      const [option, amount, ...more] = words.slice(2 + many);
      if (
        option !== undefined &&
        (option.toLowerCase() !== "limit" || amount === undefined || more.length > 0)
      )
        refuse(syntaxError);
      const limit = integerWithin(amount ?? "0", 0, Infinity, "LIMIT can't be negative");
      const size = sizeOf(words.slice(0, 2 + many), client);
      return integer(limit > 0 ? Math.min(size, limit) : size);
    },
  };
}

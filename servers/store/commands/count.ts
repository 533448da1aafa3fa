import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { addDecimals, addIntegers, integerOf, readInteger } from "../numbers.ts";
import { bulk } from "../reply.ts";
import { notAnInteger, refuse } from "../refusal.ts";

function counter(
  name: string,
  arity: number,
  increment: (words: readonly string[]) => string | number,
): Command {
  return {
    name,
    arity,
    flags: ["write", "denyoom", "fast"],
    keys: [1, 1, 1],
    run: (words, client) => count(client, words[1]!, increment(words)),
  };
}

function count({ db }: Client, key: string, increment: string | number): string {
  const sum = addIntegers(db.string(key) ?? "0", increment);
  db.replace(key, sum);
  return `:${sum}\r\n`;
}

/** @throws Refusal when it is no integer of 64 bits */
function checked(text: string): string {
  return readInteger(text) === undefined ? refuse(notAnInteger) : text;
}

export const incr = counter("incr", 2, () => 1);
export const decr = counter("decr", 2, () => -1);
export const incrBy = counter("incrby", 3, (words) => checked(words[2]!));
export const decrBy = counter("decrby", 3, (words) => {
  const text = checked(words[2]!);
  // The one number whose opposite does not fit into 64 bits.
  if (text === "-9223372036854775808") refuse("decrement would overflow");
  return text.length < 16 ? -integerOf(text) : String(-BigInt(text));
});

export const incrByFloat: Command = {
  name: "incrbyfloat",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  keys: [1, 1, 1],
  run: (words, { db, engine }) => {
    const key = words[1]!;
    const sum = addDecimals(db.string(key) ?? "0", words[2]!);
    db.replace(key, sum);
    engine.instead("SET", key, sum, "KEEPTTL");
    return bulk(sum);
  },
};

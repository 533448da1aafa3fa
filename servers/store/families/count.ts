import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { addIntegers, readInteger } from "../numbers.ts";
import { notAnInteger, refuse } from "../refusal.ts";

export function counter(
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
export function checked(text: string): string {
  return readInteger(text) === undefined ? refuse(notAnInteger) : text;
}

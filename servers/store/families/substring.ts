import type { Client } from "../client.ts";
import type { Command } from "../command.ts";
import { integerOf } from "../numbers.ts";
import { refuse } from "../refusal.ts";
import { bulk } from "../reply.ts";

export function checkLength(length: number, { engine }: Client): void {
  if (length > engine.options.maxValueBytes)
    refuse("string exceeds maximum allowed size (proto-max-bulk-len)");
}

export function range(name: string): Command {
  return {
    name,
    arity: 4,
    flags: ["readonly"],
    keys: [1, 1, 1],
    run: (words, { db }) => {
      let from = integerOf(words[2]!);
      let to = integerOf(words[3]!);
      const value = db.string(words[1]!) ?? "";
      if (from < 0 && to < 0 && from > to) return bulk("");
      if (from < 0) from = Math.max(from + value.length, 0);
      if (to < 0) to = Math.max(to + value.length, 0);
      return bulk(value.slice(from, to + 1));
    },
  };
}

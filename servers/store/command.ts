import type { Client } from "./client.ts";

/** What is true of a command; the words that COMMAND INFO uses. */
export type CommandFlag =
  | "write"
  | "readonly"
  /** Needs memory; refused when there is none left. */
  | "denyoom"
  | "fast"
  | "pubsub"
  | "blocking"
  | "loading"
  | "noscript"
  | "admin"
  /** Allowed before AUTH. */
  | "no_auth"
  /** Not queued by MULTI. */
  | "no_multi"
  /** Refused inside MULTI. */
  | "not_in_multi";

/** First and last place of the keys among the words, and the step; last -1 is the last word. */
export type KeyPlaces = readonly [first: number, last: number, step: number];

/** A reply, or one that takes its time. */
export type Answer = string | Promise<string>;

/** One command, a value that a table holds. */
export interface Command {
  /** In lower case. */
  readonly name: string;
  /** How many words with the name; negative: at least so many. */
  readonly arity: number;
  readonly flags: readonly CommandFlag[];
  /** @default none */
  readonly keys?: KeyPlaces;
  /**
   * Do it.
   * @param words the command as it came, its name first; their number fits `arity`
   * @throws Refusal for an error reply; nothing may have been changed then
   */
  run(words: readonly string[], client: Client): Answer;
}

/** The keys among the words of a command. */
export function keysOf({ keys }: Command, words: readonly string[]): string[] {
  if (!keys) return [];
  const [first, last, step] = keys;
  const end = last < 0 ? words.length + last : last;
  const found: string[] = [];
  for (let at = first; at <= end; at += step) found.push(words[at]!);
  return found;
}

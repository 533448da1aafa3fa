import { integerOf, integerWithin } from "../numbers.ts";
import { refuse, syntaxError } from "../refusal.ts";
import { type Stream, readId } from "../values/stream.ts";

/** How a stream is kept short. */
export interface Trim {
  readonly by: "maxlen" | "minid";
  readonly threshold: string;
  readonly limit: number;
}

/** `MAXLEN|MINID [=|~] threshold [LIMIT count]` at a place. @returns it, and the place behind it */
export function trimOf(words: readonly string[], from: number): { trim: Trim; at: number } {
  let at = from;
  const by = words[at++]!.toLowerCase() as Trim["by"];
  const isAbout = words[at] === "~";
  if (isAbout || words[at] === "=") at++;
  const threshold = words[at++] ?? refuse(syntaxError);
  if (by === "maxlen" && integerOf(threshold) < 0) refuse("The MAXLEN argument must be >= 0.");
  if (words[at]?.toLowerCase() !== "limit" || words[at + 1] === undefined)
    return { trim: { by, threshold, limit: Infinity }, at };
  if (!isAbout) refuse("syntax error, LIMIT cannot be used without the special ~ option");
  const limit = integerWithin(words[at + 1]!, 0, Infinity, "The LIMIT argument must be >= 0.");
  return { trim: { by, threshold, limit: limit === 0 ? Infinity : limit }, at: at + 2 };
}

/** @returns how many went */
export function trimStream(stream: Stream, { by, threshold, limit }: Trim): number {
  return by === "maxlen"
    ? stream.trimToLength(integerOf(threshold), limit)
    : stream.trimBefore(readId(threshold, 0), limit);
}

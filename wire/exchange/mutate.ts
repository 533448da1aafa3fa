import { isByteKind } from "./byte-kinds.ts";
import { printOne } from "./print.ts";
import type { Item, Part, Payload, Script, Spoken } from "./script.ts";

/** A script with one line of the server changed; playing it has to fail. */
export interface Mutation {
  readonly script: Script;
  readonly line: number;
  /** The line as it was, and as it is now. */
  readonly before: string;
  readonly after: string;
}

/**
 * One changed script for each line of the server outside the standing rules. A change that no play notices shows a
 * line that asserts nothing.
 */
export function mutations(script: Script): Mutation[] {
  const count = countLines(script.items);
  return Array.from({ length: count }, (_, index) => {
    const made: { before?: Spoken; after?: Spoken } = {};
    const items = changeNth(script.items, index, made).items;
    return {
      script: { ...script, items },
      line: made.before!.at.line,
      before: printOne(made.before!)[0]!,
      after: printOne(made.after!)[0]!,
    };
  });
}

function countLines(items: readonly Item[]): number {
  let count = 0;
  for (const item of items) {
    if (item.type === "spoken" && isAsserting(item)) count++;
    else if (item.type === "block" && item.opener.type !== "whenever") {
      // Only the first alternative is spoken when a script is performed with itself.
      count += countLines(item.branches[0]!);
    }
  }
  return count;
}

/** A line that may be missing, and only says so, promises nothing. */
function isAsserting(line: Spoken): boolean {
  const isBare = line.payload.rest && line.payload.lines.every((parts) => parts.length === 0);
  return line.speaker === "S" && !(isBare && line.mark !== "");
}

function changeNth(
  items: readonly Item[],
  index: number,
  made: { before?: Spoken; after?: Spoken },
): { readonly items: Item[]; readonly left: number } {
  let left = index;
  const changed = items.map((item): Item => {
    if (item.type === "spoken" && isAsserting(item)) {
      if (left-- !== 0) return item;
      made.before = item;
      made.after = changeLine(item);
      return made.after;
    }
    if (item.type !== "block" || item.opener.type === "whenever") return item;
    const [first, ...others] = item.branches;
    const inner = changeNth(first!, left, made);
    left = inner.left;
    return { ...item, branches: [inner.items, ...others] };
  });
  return { items: changed, left };
}

function changeLine(line: Spoken): Spoken {
  if (isByteKind(line.kind)) return { ...line, kind: "raw", payload: plain("\0 mutated \0") };
  const [first = [], ...others] = line.payload.lines;
  const payload: Payload = { ...line.payload, lines: [changeParts(first, line.mark === "&"), ...others] };
  return { ...line, payload };
}

/** Another code; for `&` other words behind the code, because they are what it asks for; else another character. */
function changeParts(parts: readonly Part[], isCapability: boolean): Part[] {
  const index = parts.findIndex((part) => part.type === "literal" && part.text.trim() !== "");
  const part = parts[index];
  if (part?.type !== "literal") return [{ type: "literal", text: "mutated" }];
  const code = /^([1-5])([0-9x][0-9x])(?=[ -]|$)/.exec(part.text);
  let text: string;
  if (index === 0 && code !== null && isCapability)
    text = `${part.text.slice(0, 4)}MUTATED-${part.text.slice(4)}`;
  else if (index === 0 && code !== null) text = `${code[1] === "5" ? "2" : "5"}${part.text.slice(1)}`;
  else text = part.text.replace(/[A-Za-z0-9]|(?<![A-Za-z0-9])\S$/, (found) => (found === "q" ? "z" : "q"));
  if (text === part.text) text = `${part.text}q`;
  return parts.with(index, { type: "literal", text });
}

function plain(text: string): Payload {
  return { lines: [[{ type: "literal", text }]], below: false, rest: false };
}

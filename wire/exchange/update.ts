import { align, words } from "./align.ts";
import { bytesOf, textOf } from "./byte-string.ts";
import { dialectNamed, dialectOf } from "./dialects.ts";
import { runFrom } from "./lookahead.ts";
import { parse } from "./parse.ts";
import { Pattern } from "./pattern.ts";
import { plainParts, printOne } from "./print.ts";
import { replyLength } from "./reply.ts";
import { Scope } from "./scope.ts";
import { headerOf } from "./script.ts";
import type { Item, Part, Spoken } from "./script.ts";
import type { DeviationFacts } from "./trace.ts";

/**
 * The text of a script with the line that a play did not meet rewritten to what the server said. Holes that still
 * fit stay; the rest of the file is not touched.
 * @returns `undefined` when the failure is not a different line: nothing came, or too much
 */
export function update(
  text: string,
  file: string,
  target: string,
  failure: DeviationFacts,
): string | undefined {
  if (failure.kind !== "mismatch" || failure.actual === undefined || failure.at.file !== file)
    return undefined;
  const script = parse(text, file);
  const dialect =
    dialectNamed(headerOf(script, "dialect") ?? "") ??
    dialectOf(headerOf(script, "target") ?? "") ??
    dialectOf(target);
  const found = lineAt(script.items, failure.at.line);
  if (found === undefined || found.line.kind !== "") return undefined;
  const hasReplies =
    dialect?.hasReplies === true && found.line.speaker === "S" && found.line.connection === undefined;
  const group = hasReplies ? replyAround(found.run, found.line) : [found.line];
  const actual = textOf(failure.actual);
  if (actual === undefined) return undefined;
  const said = hasReplies ? actual.split("\n") : [actual];
  const first = group[0]!;
  const last = group.at(-1)!;
  const lines = text.split("\n");
  const indent = /^\s*/.exec(lines[first.at.line - 1]!)![0];
  const rewritten = said.map((reply, index) => {
    // A line that still holds is kept as it is; a mark stays with its line.
    const old = group[index];
    const parts = old === undefined ? plainParts(bytesOf(reply)) : rewrite(old.payload.lines[0] ?? [], reply);
    const line: Spoken = {
      ...(old ?? { ...first, mark: "" }),
      payload: { lines: [parts], below: false, rest: false },
    };
    return indent + printOne(line)[0]!;
  });
  lines.splice(first.at.line - 1, last.at.line - first.at.line + linesOf(last), ...rewritten);
  return lines.join("\n");
}

/** How many lines of the file an item of one payload takes. */
function linesOf({ payload }: Spoken): number {
  return payload.lines.length + (payload.below ? 1 : 0);
}

function lineAt(
  items: readonly Item[],
  line: number,
): { readonly line: Spoken; readonly run: readonly Spoken[] } | undefined {
  for (const [index, item] of items.entries()) {
    if (item.type === "block") {
      for (const branch of item.branches) {
        const inside = lineAt(branch, line);
        if (inside !== undefined) return inside;
      }
    }
    if (item.type !== "spoken") continue;
    const run = runFrom(items, index).lines;
    const found = run.find((one) => one.at.line === line);
    if (found !== undefined) return { line: found, run };
  }
  return undefined;
}

/** The lines of the reply that a line belongs to. */
function replyAround(run: readonly Spoken[], line: Spoken): Spoken[] {
  for (let at = 0; at < run.length;) {
    const group = run.slice(at, at + replyLength(run, at));
    if (group.includes(line)) return group;
    at += group.length;
  }
  return [line];
}

/** New parts for a text: words as they are now, but holes of the old line where they still fit a word. */
function rewrite(old: readonly Part[], text: string): Part[] {
  const before = old.flatMap((part): (string | Part)[] =>
    part.type === "literal" ? words(part.text) : [part],
  );
  const scope = new Scope();
  const fits = (part: Part, word: string): boolean => {
    try {
      return new Pattern([part], scope).compare(bytesOf(word)).matches;
    } catch {
      // A computed hole without its values: nobody can say, so the text takes its place.
      return false;
    }
  };
  const parts = align(before, words(text), (a, b) => (typeof a === "string" ? a === b : fits(a, b))).flatMap(
    (stretch): Part[] =>
      stretch.isSame
        ? stretch.before.map((one): Part => (typeof one === "string" ? { type: "literal", text: one } : one))
        : plainParts(bytesOf(stretch.after.join(""))),
  );
  return parts;
}

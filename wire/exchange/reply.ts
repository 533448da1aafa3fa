import { bytesOf } from "./byte-string.ts";
import { hasHoles } from "./known-line.ts";
import { Pattern } from "./pattern.ts";
import type { Compared } from "./pattern.ts";
import type { Scope } from "./scope.ts";
import type { Part, Spoken } from "./script.ts";
import { holeTypes } from "./types.ts";

/** How a reply was compared with the script's lines for it. `line` is the index of the line that is not met. */
export type ReplyCompared =
  | { readonly matches: true; readonly bound: ReadonlyMap<string, string> }
  | {
      readonly matches: false;
      readonly line: number;
      readonly reason: "code" | "missing" | "letters" | "hole";
      readonly at: number;
      readonly why: string;
    };

const nothing: ReadonlyMap<string, string> = new Map();

/** How many of the script's lines, from `index`, stand for one reply: up to the one with a blank behind its code. */
export function replyLength(lines: readonly Spoken[], index: number): number {
  let last = index;
  const first = headOf(lines[index]!.payload.lines[0] ?? []);
  if (first?.sign === "-" && lines[index]!.payload.lines.length === 1) {
    for (last++; last < lines.length - 1; last++) {
      const head = headOf(lines[last]!.payload.lines[0] ?? []);
      if (head?.sign === " " && head.code === first.code) break;
    }
  }
  // `&` lines may stand behind the last one: they still speak of this reply.
  while (lines[last + 1]?.mark === "&") last++;
  return Math.min(last, lines.length - 1) - index + 1;
}

/** How a line of a reply begins. */
interface ReplyHead {
  readonly code: string;
  readonly sign: "-" | " ";
}

const heads = new WeakMap<readonly Part[], ReplyHead | "none">();

/** Found once for each row, because a script may be played a thousand times. */
function headOf(parts: readonly Part[]): ReplyHead | undefined {
  let head = heads.get(parts);
  if (head === undefined) {
    const [first] = parts;
    const found = first?.type === "literal" ? /^([1-5][0-9x][0-9x])(-| |$)/.exec(first.text) : null;
    head = found ? { code: found[1]!, sign: found[2] === "-" ? "-" : " " } : "none";
    heads.set(parts, head);
  }
  return head === "none" ? undefined : head;
}

/**
 * Compares a reply with the lines of the script that stand for it. Prose is prose: an unmarked line compares the code
 * (or its class, `2xx`) and finds the holes by their types; `&` asks that a line of the reply says this too; `=` is
 * to the letter.
 * @param reply its lines joined by `\n`
 */
export function compareReply(lines: readonly Spoken[], reply: string, scope: Scope): ReplyCompared {
  const heard = reply.split("\n");
  let bound = nothing;
  let inner = scope;
  let exact = 0;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    for (let row = 0; row < line.payload.lines.length; row++) {
      const parts = line.payload.lines[row]!;
      const code = headOf(parts)?.code;
      const wrongDigit = code === undefined ? -1 : differingDigit(code, reply);
      if (code !== undefined && wrongDigit !== -1) {
        return { matches: false, line: index, reason: "code", at: wrongDigit, why: `expected ${code}` };
      }
      // Prose without a hole: its code is all it asks for.
      if (code !== undefined && line.mark !== "=" && line.mark !== "&" && !hasHoles(parts)) continue;
      const rest = line.payload.rest && row === line.payload.lines.length - 1;
      let compared: Compared;
      if (line.mark === "=") {
        const found = compareAny(new Pattern(parts, inner, { rest }), heard, exact);
        compared = found.compared;
        exact = found.index + 1;
        if (!compared.matches) {
          return { matches: false, line: index, reason: "letters", at: compared.at, why: compared.why };
        }
      } else if (line.mark === "&") {
        const pattern = new Pattern(withoutCode(parts), inner, { rest });
        compared = compareAny(
          pattern,
          heard.map((text) => text.slice(4)),
          0,
        ).compared;
        if (!compared.matches)
          return { matches: false, line: index, reason: "missing", at: 0, why: "missing" };
      } else if (code === undefined && index === 0 && row === 0) {
        // Without a code there is nothing but the words to go by.
        compared = new Pattern(parts, inner, { rest }).compare(heard[0]!);
        if (!compared.matches) {
          return { matches: false, line: index, reason: "letters", at: compared.at, why: compared.why };
        }
      } else {
        const found = findHoles(parts, rest, heard, Math.min(index + row, heard.length - 1), inner);
        if (typeof found === "string") {
          if (line.mark === "?" || line.mark === "*") continue;
          return { matches: false, line: index, reason: "hole", at: Math.min(4, reply.length), why: found };
        }
        compared = found;
      }
      if (compared.bound.size === 0) continue;
      if (inner === scope) inner = scope.inner();
      for (const [name, value] of compared.bound) inner.set(name, value);
      bound = new Map([...bound, ...compared.bound]);
    }
  }
  return { matches: true, bound };
}

/** Where a reply's code differs from a code or class, -1 when it is one of it. */
function differingDigit(code: string, reply: string): number {
  for (let at = 0; at < 3; at++) {
    const digit = reply[at] ?? "";
    if (code[at] === "x" ? !/\d/.test(digit) : code[at] !== digit) return at;
  }
  return -1;
}

function withoutCode(parts: readonly Part[]): readonly Part[] {
  const first = parts[0];
  if (headOf(parts) === undefined || first?.type !== "literal") return parts;
  const text = first.text.slice(4);
  return text === "" ? parts.slice(1) : [{ type: "literal", text }, ...parts.slice(1)];
}

function compareAny(
  pattern: Pattern,
  heard: readonly string[],
  from: number,
): { readonly compared: Compared; readonly index: number } {
  let nearest: Compared = { matches: false, at: 0, why: "missing" };
  for (let index = from; index < heard.length; index++) {
    const compared = pattern.compare(heard[index]!);
    if (compared.matches) return { compared, index };
    // Of the lines that do not fit, the one that fits longest is worth showing.
    if (!nearest.matches && compared.at >= nearest.at) nearest = compared;
  }
  return { compared: nearest, index: heard.length };
}

/** The holes of an unmarked line: where its words stand, or else by their types, in order, anywhere in the reply. */
function findHoles(
  parts: readonly Part[],
  rest: boolean,
  heard: readonly string[],
  row: number,
  scope: Scope,
): Extract<Compared, { matches: true }> | string {
  const holes = parts.filter((part) => part.type !== "literal");
  const nothing = { matches: true, bound: new Map<string, string>(), length: 0 } as const;
  if (holes.every((hole) => hole.type === "slot" && hole.name === undefined && hole.kind === undefined)) {
    // `${=LOGIN PLAIN}` and `${:/regex/}` in prose: only the regular expression asks for something.
    const asked = holes.find((hole) => hole.type === "slot" && hole.regex !== undefined);
    if (asked === undefined) return nothing;
  }
  const inWords = new Pattern(parts, scope, { rest }).compare(heard[row] ?? "");
  if (inWords.matches) return inWords;
  const bound = new Map<string, string>();
  const inner = scope.inner();
  let text = heard.map((line) => line.slice(4)).join("\n");
  for (const hole of holes) {
    if (hole.type === "slot" && hole.kind === undefined && hole.regex === undefined) {
      if (hole.name === undefined) continue;
      if (inner.get(hole.name) === undefined)
        return `cannot find \${${hole.name}} in other words: give it a type`;
    }
    const found = new Pattern([hole], inner).search(text);
    if (!found.matches) return `${describe(hole)} is not in the reply`;
    for (const [name, value] of found.bound) {
      bound.set(name, value);
      inner.set(name, value);
    }
    text = text.slice(found.length);
  }
  return { matches: true, bound, length: 0 };
}

function describe(hole: Part): string {
  if (hole.type !== "slot") return "the computed value";
  if (hole.kind !== undefined && holeTypes[hole.kind] !== undefined) {
    return `a value of type ${hole.kind}${hole.name === undefined ? "" : ` for \${${hole.name}}`}`;
  }
  return hole.name === undefined ? `/${bytesOf(hole.regex ?? "")}/` : `the value of \${${hole.name}}`;
}

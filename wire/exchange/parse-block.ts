import { parseParts, PayloadProblem } from "./parse-payload.ts";
import type { Part, Payload } from "./script.ts";

/** A payload and the lines it took. */
export interface PayloadRead {
  readonly payload: Payload;
  /** Index of its last line. */
  readonly last: number;
  /** What was wrong, by the index of the line; columns count from 0 in it. */
  readonly problems: readonly { readonly index: number; readonly problem: PayloadProblem }[];
}

/**
 * The payload of a spoken line: the text behind the colon and the deeper lines below, which continue it.
 * @param lines the lines of the file
 * @param at index of the spoken line
 * @param first the text behind its colon and blank
 * @param indent how deep the spoken line stands
 */
export function readPayload(
  lines: readonly string[],
  at: number,
  first: string,
  indent: number,
): PayloadRead {
  const deeper = deeperLines(lines, at, indent);
  const texts = deeper.map((index) => ({ text: lines[index]!.trimEnd(), column: 0, index }));
  const depth = indentOf(texts.find((row) => row.text !== "")?.text ?? "");
  const rows = texts.map(({ text, index }) => {
    const column = Math.min(depth, indentOf(text));
    return { text: text.slice(column), column, index };
  });
  // With nothing behind the colon the payload is only what stands below.
  const below = first === "" && rows.length > 0;
  if (!below) rows.unshift({ text: first, column: lines[at]!.trimEnd().length - first.length, index: at });
  const last = rows.at(-1)!;
  const rest = last.text.endsWith("...");
  const problems: { index: number; problem: PayloadProblem }[] = [];
  const parts = rows.map((row): Part[] => {
    try {
      return parseParts(rest && row === last ? row.text.slice(0, -3) : row.text);
    } catch (error) {
      if (!(error instanceof PayloadProblem)) throw error;
      const { message, column, width, suggestion } = error;
      problems.push({
        index: row.index,
        problem: new PayloadProblem(message, column + row.column, width, suggestion),
      });
      return [];
    }
  });
  return { payload: { lines: parts, below, rest }, last: last.index, problems };
}

/** Indexes of the lines that continue the current one. An empty line belongs to them when a deeper one follows. */
function deeperLines(lines: readonly string[], at: number, indent: number): number[] {
  const indexes: number[] = [];
  for (let index = at + 1; index < lines.length; index++) {
    const line = lines[index]!.trimEnd();
    if (line === "") continue;
    if (indentOf(line) < indent + 2) break;
    for (let fill = (indexes.at(-1) ?? at) + 1; fill <= index; fill++) indexes.push(fill);
  }
  return indexes;
}

/** How many blanks a line begins with. */
export function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

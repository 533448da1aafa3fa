/** Something wrong in a script, with the place to point at. */
export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Of the first wrong character, from 1. */
  readonly column: number;
  /** How many characters to underline. */
  readonly width: number;
  readonly message: string;
  readonly suggestion?: string;
  /** The line as it stands in the file. */
  readonly source: string;
  /** Which files included this one, outermost first: `a.exchange:3`. */
  readonly includedFrom?: readonly string[];
}

/** A script that cannot be used: every problem of the file at once. */
export class ScriptError extends SyntaxError {
  override readonly name = "ScriptError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(explain).join("\n"));
    this.problems = problems;
  }
}

/**
 * A problem as text, with the line of the script, a caret and a suggestion.
 *
 *     bad.exchange:6:2: I don't know the stage direction 'C conects data'
 *         6 | (C conects data)
 *           |  ^^^^^^^^^^^^^^    did you mean 'C connects data'?
 */
export function explain(problem: Problem): string {
  const number = String(problem.line).padStart(5);
  const blank = " ".repeat(problem.column - 1);
  const caret = "^".repeat(Math.max(1, Math.min(problem.width, 60)));
  const hint = problem.suggestion === undefined ? "" : `    did you mean '${problem.suggestion}'?`;
  const from = (problem.includedFrom ?? []).map((place) => `\n        included from ${place}`).join("");
  const source = problem.source.replaceAll("\t", " ");
  return (
    `${problem.file}:${problem.line}:${problem.column}: ${problem.message}\n` +
    `${number} | ${source}\n      | ${blank}${caret}${hint}${from}`
  );
}

/** The word of a list that is nearest to a misspelt one, or `undefined` when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.ceil(word.length / 3)) + 1;
  for (const candidate of known) {
    const far = distance(word.toLowerCase(), candidate.toLowerCase());
    if (far < least) {
      least = far;
      best = candidate;
    }
  }
  return best;
}

/** How many characters have to be inserted, removed, replaced or swapped with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, before[j - 2]! + 1);
      }
      row.push(least);
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}

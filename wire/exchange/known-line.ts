import { bytesOf } from "./byte-string.ts";
import type { Part, Spoken } from "./script.ts";

/** What is known of a line before anybody speaks. */
export interface KnownLine {
  /** As it begins in the script: `S@data&:`. */
  readonly head: string;
  /** What it says as a byte string, when it is one row without holes. */
  readonly text: string | undefined;
}

const known = new WeakMap<Spoken, KnownLine>();

/** Finds it once for each line, because a script may be played a thousand times. */
export function knownLine(line: Spoken): KnownLine {
  let found = known.get(line);
  if (found === undefined) {
    found = { head: headOf(line), text: fixedText(line) };
    known.set(line, found);
  }
  return found;
}

/** Whether a row has anything in it that is not literal. */
export function hasHoles(parts: readonly Part[]): boolean {
  for (const part of parts) if (part.type !== "literal") return true;
  return false;
}

function headOf(line: Spoken): string {
  const connection = line.connection === undefined ? "" : `@${line.connection}`;
  return `${line.speaker}${connection}${line.mark}${line.kind === "" ? "" : ` ${line.kind}`}:`;
}

function fixedText({ payload: { lines, rest } }: Spoken): string | undefined {
  const [row = [], ...others] = lines;
  if (others.length > 0 || hasHoles(row)) return undefined;
  const text = row.map((part) => (part.type === "literal" ? bytesOf(part.text) : "")).join("");
  return rest ? `${text}...` : text;
}

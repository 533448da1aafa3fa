import { bounds } from "./bounds.ts";
import type { Dialect } from "./dialect.ts";
import { decodeBytes } from "./byte-kinds.ts";
import { joined, singleLines } from "./expectation.ts";
import type { ReadFile } from "./expectation.ts";
import type { Inbox } from "./inbox.ts";
import { knownLine } from "./known-line.ts";
import { say } from "./pattern.ts";
import type { Scope } from "./scope.ts";
import type { Spoken } from "./script.ts";

/** What a line says: its bytes, and the text it was made of. */
export interface Saying {
  readonly bytes: string;
  readonly text: string;
}

/**
 * The bytes of a line that we speak; several when a block says a line after the other. A marked line is said once, a
 * marked line that is only `...` not at all.
 * @throws {ValueProblem} when a hole has no value to say
 * @throws {TypeError} when the text is not of the dialect
 */
export function sayLine(line: Spoken, inbox: Inbox, scope: Scope, read: ReadFile): Saying[] {
  const { mark, payload } = line;
  const isBare = payload.rest && payload.lines.every((parts) => parts.length === 0);
  if (isBare && mark !== "" && mark !== "=") return [];
  const saying = (single: Spoken, text: string): Saying => {
    const bytes = encode(single, text, inbox, read);
    if (bytes.length > bounds.messageBytes)
      throw new TypeError(`a message has at most ${bounds.messageBytes} bytes`);
    return { bytes, text };
  };
  const { text } = knownLine(line);
  if (text !== undefined) return [saying(line, text)];
  return singleLines(line, inbox).map((single) =>
    saying(single, say(joined(single.payload.lines), scope) + (single.payload.rest ? "..." : "")),
  );
}

function encode(line: Spoken, text: string, inbox: Inbox, read: ReadFile): string {
  switch (line.kind) {
    case "raw":
      return text;
    case "hex":
    case "b64":
      return decodeBytes(line.kind, text);
    case "file":
      return read(text);
    case "json":
      checkKind(line.kind, inbox.dialect);
      return inbox.encode(line.speaker, line.kind, withoutOpenEnds(text));
    default:
      checkKind(line.kind, inbox.dialect);
      return inbox.encode(line.speaker, line.kind, text);
  }
}

/** @throws TypeError for a kind that only another dialect has */
export function checkKind(kind: string, { name, kinds }: Dialect): void {
  if (kind === "" || kinds.includes(kind)) return;
  throw new TypeError(`the dialect '${name}' has no lines of the kind '${kind}'`);
}

/** `...` as the last member allows the listener more of them; the speaker has none to add. */
function withoutOpenEnds(json: string): string {
  return json.replaceAll(/"(?:[^"\\]|\\.)*"|,?\s*\.\.\.\s*(?=[}\]])/g, (found) =>
    found.startsWith('"') ? found : "",
  );
}

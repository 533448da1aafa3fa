import { decodeText } from "./charset.ts";
import { decodeWords } from "./postal.ts";

/** A value with parameters, as in `Content-Type` and `Content-Disposition` (RFC 2045 section 5.1, RFC 2183). */
export interface Parameterized {
  /** What stands before the first semicolon, in lower case and without comments. */
  readonly value: string;
  /** By name in lower case; the first of a repeated name counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Where the parameters start; some senders forget the first semicolon. */
const firstParameter = /;|\s(?=[\w*-]+=)/;
const none: ReadonlyMap<string, string> = new Map();
const parameter = /;\s*([^=;\s]*)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"?[^;]*|([^;]*)))?/gs;

/**
 * Parse a field value with parameters. Continued and percent-encoded ones (RFC 2231) are put together, encoded words
 * (RFC 2047) are decoded although they are not allowed there: senders write them.
 * @param field the value, unfolded
 */
export function parseParameters(field: string): Parameterized {
  const start = field.search(firstParameter);
  const value = withoutComment(start < 0 ? field : field.slice(0, start)).toLowerCase();
  if (start < 0) return { value, parameters: none };
  const parameters = new Map<string, string>();
  const extended = new Map<string, Section[]>();
  for (const [, rawName = "", quoted, token = ""] of `;${field.slice(start + 1)}`.matchAll(parameter)) {
    const name = rawName.toLowerCase();
    // In practice `filename=Invoice (1).pdf` is a name without the quotes it needs, not a name and a comment.
    const isName = name === "filename" || name === "name";
    const unquoted = isName ? token.trim() : withoutComment(token);
    const text = quoted === undefined ? unquoted : quoted.replace(/\\(["\\])/g, "$1");
    if (name.includes("*")) addSection(extended, name, text);
    else if (name !== "" && !parameters.has(name)) parameters.set(name, decodeWords(text));
  }
  // RFC 2231 sections replace a plain parameter of the same name: that one is there for old readers.
  for (const [name, sections] of extended) parameters.set(name, joinSections(sections));
  return { value, parameters };
}

interface Section {
  readonly index: number;
  readonly isEncoded: boolean;
  readonly text: string;
}

function addSection(extended: Map<string, Section[]>, name: string, text: string): void {
  const [, base = name, index = "0", star] = /^([^*]*)\*(?:(\d{1,4})(\*)?)?$/.exec(name) ?? [];
  const section = { index: Number(index), isEncoded: star !== undefined || name.endsWith("*"), text };
  const sections = extended.get(base);
  if (sections) sections.push(section);
  else extended.set(base, [section]);
}

function joinSections(sections: readonly Section[]): string {
  let charset = "";
  const bytes = [...sections]
    .sort((one, other) => one.index - other.index)
    .map(({ index, isEncoded, text }) => {
      if (!isEncoded) return Buffer.from(text);
      const [, name, rest = text] = (index === 0 && /^([^']*)'[^']*'(.*)$/s.exec(text)) || [];
      charset = name ?? charset;
      return percentDecode(rest);
    });
  return decodeText(Buffer.concat(bytes), charset);
}

function percentDecode(text: string): Buffer {
  const binary = Buffer.from(text).toString("latin1");
  return Buffer.from(
    binary.replace(/%([0-9a-f]{2})/gi, (_: string, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    ),
    "latin1",
  );
}

/** Comments stand after white space; `invoice(1).pdf` has none. */
function withoutComment(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.includes("(")) return trimmed;
  return trimmed.startsWith("(")
    ? trimmed.replace(/^\([^)]*\)\s*/, "")
    : trimmed.replace(/\s\(.*$/s, "").trim();
}

import {
  parseAddress,
  parseEprt,
  parsePasv,
  printAddress,
  printEprt,
  printEpsv,
  printPasv,
} from "./address.ts";
import type { TypeName } from "./script.ts";

/** What a type of hole looks for, and how the found text and the value of the variable turn into each other. */
export interface HoleType {
  /** Source of a regular expression over byte strings, without groups that capture. */
  readonly pattern: string;
  /** The value that a found text means; `undefined` when it is not one after all (a port over 65535). */
  read(found: string): string | undefined;
  /** How a value is said; `undefined` when it cannot be. */
  write(value: string): string | undefined;
}

const same = { read: (found: string): string => found, write: (value: string): string => value };
const octet = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`;
const ip4 = String.raw`${octet}(?:\.${octet}){3}`;
const ip6 = "(?:[0-9a-fA-F]{0,4}:){2,7}(?:[0-9a-fA-F]{1,4}|(?<=:))";

/** The closed list of types. */
export const holeTypes: Readonly<Record<TypeName, HoleType>> = {
  int: { pattern: String.raw`-?\d+`, ...same },
  hex: { pattern: "[0-9a-fA-F]+", ...same },
  // One word of prose or of a structured text: no blank, quote, bracket, comma, semicolon or bar.
  word: { pattern: String.raw`[^\s"<>()[\]{},;|]+`, ...same },
  any: { pattern: String.raw`[^]*?`, ...same },
  // Not the empty string, which would be found everywhere.
  b64: { pattern: "(?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{2}(?:[A-Za-z0-9+/]{2}|[A-Za-z0-9+/]=|==)", ...same },
  ip: { pattern: `(?:${ip4}|${ip6})`, ...same },
  stamp: {
    // RFC 3339, RFC 5322 section 3.3, the 14 digits of FTP (RFC 3659 section 2.3) and seconds or milliseconds
    pattern:
      String.raw`(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d))?` +
      String.raw`|(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)?(?: (?:[+-]\d{4}|[A-Z]{1,3}))?` +
      String.raw`|\d{14}(?:\.\d+)?|\d{13}|\d{10})`,
    ...same,
  },
  quoted: {
    // RFC 959 appendix II: a quotation mark inside the pathname is doubled
    pattern: '"(?:[^"]|"")*"',
    read: (found) => found.slice(1, -1).replaceAll('""', '"'),
    write: (value) => `"${value.replaceAll('"', '""')}"`,
  },
  pasv: { pattern: String.raw`\d{1,3}(?:,\d{1,3}){5}`, ...addresses(parsePasv, printPasv) },
  epsv: {
    pattern: String.raw`(?:\|{3}|!{3})\d{1,5}[|!]`,
    ...addresses(parseEprt, printEpsv),
  },
  eprt: { pattern: String.raw`\|[12]\|[0-9a-fA-F.:]+\|\d{1,5}\|`, ...addresses(parseEprt, printEprt) },
};

type Read = typeof parsePasv;
type Write = typeof printPasv;

function addresses(parse: Read, print: Write): Pick<HoleType, "read" | "write"> {
  return {
    read(found) {
      const address = parse(found);
      return address && printAddress(address);
    },
    write(value) {
      const address = parseAddress(value) ?? parse(value);
      return address && print(address);
    },
  };
}

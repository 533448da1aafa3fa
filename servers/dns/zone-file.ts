import { dnsTypeNumber } from "../../wire/dns.ts";
import { absoluteData, absoluteName, makeZone, type Zone, type ZoneEntry } from "./zone.ts";

/** One entry of a master file: its words, and where it stands. */
interface Entry {
  readonly line: number;
  /** Whether the line begins with a blank: the owner is the one before. */
  readonly isIndented: boolean;
  readonly words: readonly string[];
}

/**
 * A zone from a master file (RFC 1035 section 5.1; RFC 2308 section 4 for `$TTL`).
 * @param origin the zone's name when the file begins without `$ORIGIN`
 * @throws TypeError that names the line
 */
export function parseZoneFile(text: string, origin?: string): Zone {
  const entries: ZoneEntry[] = [];
  let base = origin === undefined ? undefined : absoluteName(origin, ".");
  let owner: string | undefined;
  let ttl: number | undefined;
  for (const { line, isIndented, words } of entriesOf(text)) {
    const fail = (why: string): never => {
      throw new TypeError(`line ${line}: ${why}`);
    };
    const directive = words[0]?.toUpperCase();
    if (directive === "$ORIGIN") base = absoluteName(words[1] ?? fail("$ORIGIN needs a name"), base ?? ".");
    else if (directive === "$TTL") ttl = parseTtl(words[1] ?? "") ?? fail("$TTL needs a time");
    else if (directive?.startsWith("$")) fail(`${words[0]} is not supported`);
    else {
      const zoneBase = base ?? fail("the file has no $ORIGIN; give the zone's name");
      const rest = [...words];
      if (!isIndented) owner = absoluteName(rest.shift() ?? "", zoneBase);
      const name = owner ?? fail("the first record needs a name");
      const own = takeTtlAndClass(rest);
      const type = (rest.shift() ?? fail("the record has no type")).toUpperCase();
      if (!isType(type)) fail(`${type} is not a record type`);
      const given = type === "SOA" ? rest.map(secondsOf) : rest;
      const data = absoluteData(type, given.join(" "), zoneBase);
      entries.push({
        name,
        type,
        ttl:
          own ??
          ttl ??
          soaMinimum(entries, type, data) ??
          fail("the record has no TTL, and there is no $TTL"),
        data,
      });
    }
  }
  // The zone is what its SOA says, however often $ORIGIN moved.
  const apex =
    entries.find(({ type }) => type === "SOA")?.name ??
    (origin === undefined ? base : absoluteName(origin, "."));
  if (apex === undefined) throw new TypeError("the zone file is empty and has no $ORIGIN");
  return makeZone(apex, entries);
}

/** RFC 1035 section 5.1: TTL and class may stand in either order, or not at all. */
function takeTtlAndClass(words: string[]): number | undefined {
  let ttl: number | undefined;
  for (let count = 0; count < 2; count++) {
    const word = words[0] ?? "";
    const time = parseTtl(word);
    if (time !== undefined && ttl === undefined) ttl = time;
    else if (word.toUpperCase() !== "IN") break;
    words.shift();
  }
  return ttl;
}

/** Without a TTL of its own a record takes the SOA's last number, as files from before RFC 2308 mean it. */
function soaMinimum(entries: readonly ZoneEntry[], type: string, data: string): number | undefined {
  const soa = type === "SOA" ? data : entries.find((entry) => entry.type === "SOA")?.data;
  return soa === undefined ? undefined : parseTtl(soa.split(" ").at(-1) ?? "");
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** Seconds, or a sum such as `1h30m`. */
function parseTtl(word: string): number | undefined {
  if (/^\d{1,10}$/.test(word)) return Number(word);
  if (!/^(?:\d{1,10}[smhdw])+$/i.test(word)) return undefined;
  return [...word.matchAll(/(\d+)([smhdw])/gi)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit!.toLowerCase()]!,
    0,
  );
}

/** The times of a SOA, its last four words, may have units (RFC 2308 does not say so, but everybody writes it). */
function secondsOf(word: string, index: number): string {
  return index < 3 ? word : String(parseTtl(word) ?? word);
}

function isType(word: string): boolean {
  try {
    dnsTypeNumber(word);
    return true;
  } catch {
    return false;
  }
}

const token = /"(?:[^"\\]|\\[^])*"|;[^\n]*|[()]|\n|[^\S\n]+|(?:\\[^]|[^\s"();\\])+|[^]/g;

/** Cut the file into entries: comments dropped, parentheses joining lines. */
function* entriesOf(text: string): Generator<Entry> {
  let line = 1;
  let start = 1;
  let depth = 0;
  let isIndented = false;
  let words: string[] = [];
  for (const [piece] of `${text.replaceAll("\r\n", "\n")}\n`.matchAll(token)) {
    if (piece === "\n") {
      line++;
      if (depth > 0) continue;
      if (words.length > 0) yield { line: start, isIndented, words };
      words = [];
      isIndented = false;
      start = line;
    } else if (piece === "(") depth++;
    else if (piece === ")") {
      if (--depth < 0) throw new TypeError(`line ${line}: ')' without '('`);
    } else if (/^\s/.test(piece)) isIndented ||= words.length === 0 && depth === 0;
    else if (!piece.startsWith(";")) words.push(piece);
    for (const inner of piece.length > 1 ? piece : "") if (inner === "\n") line++;
  }
  if (depth > 0) throw new TypeError(`line ${start}: '(' without ')'`);
}

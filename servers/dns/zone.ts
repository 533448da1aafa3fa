import { type DnsRecord, dnsTypeNumber, encodeDns } from "../../wire/dns.ts";

/**
 * The data of one zone (RFC 1034 section 4.2): the names at and below its origin, with their records. Names are held
 * in lower case, absolute, with the final dot; the case that somebody asks in is kept in the reply by whoever answers.
 */
export interface Zone {
  /** `example.test.` */
  readonly origin: string;
  readonly soa: DnsRecord;
  /** Name to type to records. A name without records of its own, between others, is there with none. */
  readonly names: ReadonlyMap<string, ReadonlyMap<string, readonly DnsRecord[]>>;
}

/**
 * Records by name and type, as small as they can be said. Names without a final dot are relative to the origin, `@` is
 * the origin itself, `*` a wildcard.
 * @example { "@": { MX: "10 mail" }, mail: { A: "127.0.0.1" } }
 */
export type ZoneRecords = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** A record on its way into a zone. */
export interface ZoneEntry {
  readonly name: string;
  readonly type: string;
  readonly ttl: number;
  readonly data: string;
}

const defaultTtl = 60;

/**
 * A zone from an object.
 * @throws TypeError for a record that cannot be, with its name and type
 */
export function zoneFromRecords(origin: string, records: ZoneRecords, ttl = defaultTtl): Zone {
  const entries: ZoneEntry[] = [];
  const base = absoluteName(origin, ".");
  for (const [owner, types] of Object.entries(records)) {
    for (const [type, data] of Object.entries(types)) {
      for (const one of typeof data === "string" ? [data] : data) {
        entries.push({
          name: absoluteName(owner, base),
          type: type.toUpperCase(),
          ttl,
          data: absoluteData(type, one, base),
        });
      }
    }
  }
  return makeZone(base, entries);
}

/**
 * A zone from its records; a SOA and an NS are made up where the records have none.
 * @throws TypeError for a record that cannot be, or is not of the zone
 */
export function makeZone(origin: string, entries: readonly ZoneEntry[]): Zone {
  const base = origin.toLowerCase();
  const names = new Map<string, Map<string, DnsRecord[]>>();
  for (const entry of entries) {
    const record = recordOf(entry);
    const name = record.name.toLowerCase();
    if (!isWithin(name, base))
      throw new TypeError(`${record.name} ${record.type} is not in the zone ${origin}`);
    const types = getOrAdd(names, name, () => new Map<string, DnsRecord[]>());
    getOrAdd(types, record.type, () => []).push(record);
    // RFC 4592 section 2.2.2: a name between two others exists, though it has no records.
    for (let above = parentOf(name); isWithin(above, base); above = parentOf(above)) {
      getOrAdd(names, above, () => new Map());
      if (above === base) break;
    }
  }
  const apex = getOrAdd(names, base, () => new Map<string, DnsRecord[]>());
  const soa = getOrAdd(apex, "SOA", () => [
    recordOf({
      name: base,
      type: "SOA",
      ttl: defaultTtl,
      data: `ns.${base} hostmaster.${base} 1 3600 600 86400 ${defaultTtl}`,
    }),
  ])[0]!;
  getOrAdd(apex, "NS", () => [recordOf({ name: base, type: "NS", ttl: defaultTtl, data: `ns.${base}` })]);
  for (const [name, types] of names) checkAlone(name, types);
  return { origin: base, soa, names };
}

/** Whether a zone is ready, or still records. */
export function isZone(zone: ZoneRecords | Zone): zone is Zone {
  return zone["names"] instanceof Map;
}

/** Whether a name is the origin, or below it. Both absolute and in lower case. */
export function isWithin(name: string, origin: string): boolean {
  return origin === "." || name === origin || name.endsWith(`.${origin}`);
}

/** The name without its first label; the root's is the root. A dot that is escaped divides nothing. */
export function parentOf(name: string): string {
  const dot = /^(?:\\.|[^\\.])*\./.exec(name)?.[0].length ?? name.length;
  return name.slice(dot) || ".";
}

/** A name with its final dot; `@` is the origin. */
export function absoluteName(name: string, origin: string): string {
  if (name === "@") return origin;
  if (name.endsWith(".")) return name;
  return origin === "." ? `${name}.` : `${name}.${origin}`;
}

/** Which words of a type's data are names, and so may be relative. */
const nameWords: Readonly<Record<string, readonly number[]>> = {
  NS: [0],
  CNAME: [0],
  PTR: [0],
  DNAME: [0],
  MX: [1],
  SRV: [3],
  SOA: [0, 1],
};

/** The data with its names made absolute. */
export function absoluteData(type: string, data: string, origin: string): string {
  const places = nameWords[type.toUpperCase()];
  if (!places || data.startsWith("\\#")) return data;
  const words = data.trim().split(/\s+/);
  return words.map((word, index) => (places.includes(index) ? absoluteName(word, origin) : word)).join(" ");
}

/** @throws TypeError when the record has no such form: it is said as it would be sent, to see that it can be */
function recordOf(entry: ZoneEntry): DnsRecord {
  const record: DnsRecord = { ...entry, class: "IN" };
  try {
    dnsTypeNumber(entry.type);
    encodeDns({
      id: 0,
      flags: new Set(),
      opcode: 0,
      rcode: "NOERROR",
      questions: [],
      answers: [record],
      authorities: [],
      additionals: [],
    });
  } catch (cause) {
    throw new TypeError(`${entry.name} ${entry.type}: ${(cause as Error).message}`, { cause });
  }
  return record;
}

/** RFC 1034 section 3.6.2: where there is a CNAME, there is nothing else. */
function checkAlone(name: string, types: ReadonlyMap<string, readonly DnsRecord[]>): void {
  const aliases = types.get("CNAME")?.length ?? 0;
  if (aliases > 1) throw new TypeError(`${name} has ${aliases} CNAME records; one is the most there can be`);
  if (aliases === 1 && types.size > 1) {
    throw new TypeError(
      `${name} has a CNAME and ${[...types.keys()].filter((type) => type !== "CNAME").join(", ")}; a CNAME stands alone`,
    );
  }
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

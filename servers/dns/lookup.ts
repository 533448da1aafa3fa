import type { DnsRecord } from "../../wire/dns.ts";
import { isWithin, parentOf, type Zone } from "./zone.ts";

/** What the zones know of a question. */
export interface Finding {
  readonly rcode: "NOERROR" | "NXDOMAIN" | "REFUSED";
  readonly isAuthoritative: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
}

const refused: Finding = {
  rcode: "REFUSED",
  isAuthoritative: false,
  answers: [],
  authorities: [],
  additionals: [],
};

/** How many aliases are followed; a loop of them ends there too. */
const maxAliases = 16;

/**
 * Look a name and type up (RFC 1034 section 4.3.2, without recursion): aliases are followed as far as our zones reach,
 * wildcards stand in for names that are not there (RFC 4592), and a negative answer carries the SOA (RFC 2308).
 * @param name absolute, in any case of letters
 */
export function lookUp(zones: readonly Zone[], name: string, type: string): Finding {
  const answers: DnsRecord[] = [];
  let owner = name;
  for (let hop = 0; hop <= maxAliases; hop++) {
    const zone = zoneOf(zones, owner);
    // An alias that leads out of our zones is the answer: who asked goes on from there.
    if (!zone) return hop === 0 ? refused : found(answers);
    const delegation = delegationOf(zone, owner);
    if (delegation) return hop > 0 ? found(answers) : referral(zones, delegation);
    const types = typesOf(zone, owner);
    if (!types) return { ...found(answers), rcode: "NXDOMAIN", authorities: [negativeSoa(zone)] };
    const records = types.get(type);
    if (records) {
      answers.push(...records.map((record) => ({ ...record, name: owner })));
      return { ...found(answers), additionals: glue(zones, records) };
    }
    const alias = types.get("CNAME")?.[0];
    if (!alias) return { ...found(answers), authorities: [negativeSoa(zone)] };
    answers.push({ ...alias, name: owner });
    owner = alias.data;
  }
  return found(answers);
}

function found(answers: readonly DnsRecord[]): Finding {
  return { rcode: "NOERROR", isAuthoritative: true, answers, authorities: [], additionals: [] };
}

/** The zone with the longest origin that holds the name. */
function zoneOf(zones: readonly Zone[], name: string): Zone | undefined {
  const lower = name.toLowerCase();
  let best: Zone | undefined;
  for (const zone of zones) {
    if (isWithin(lower, zone.origin) && zone.origin.length > (best?.origin.length ?? 0)) best = zone;
  }
  return best;
}

/** The records of a name, or of the wildcard that stands in for it; nothing when the name is not there. */
function typesOf(zone: Zone, name: string): ReadonlyMap<string, readonly DnsRecord[]> | undefined {
  const lower = name.toLowerCase();
  const exact = zone.names.get(lower);
  if (exact) return exact;
  // RFC 4592 section 3.3.1: only the closest name that exists may have the wildcard.
  let encloser = parentOf(lower);
  while (!zone.names.has(encloser) && encloser !== zone.origin) encloser = parentOf(encloser);
  return zone.names.get(`*.${encloser}`);
}

/** The NS records of the first cut between the origin and the name, if there is one (RFC 1034 section 4.2.1). */
function delegationOf(zone: Zone, name: string): readonly DnsRecord[] | undefined {
  let cut: readonly DnsRecord[] | undefined;
  for (let above = name.toLowerCase(); above !== zone.origin && above !== "."; above = parentOf(above)) {
    cut = zone.names.get(above)?.get("NS") ?? cut;
  }
  return cut;
}

function referral(zones: readonly Zone[], servers: readonly DnsRecord[]): Finding {
  return {
    rcode: "NOERROR",
    isAuthoritative: false,
    answers: [],
    authorities: servers,
    additionals: glue(zones, servers),
  };
}

/** RFC 2308 section 3: as long as the smaller of the SOA's TTL and its last number. */
function negativeSoa({ soa }: Zone): DnsRecord {
  return { ...soa, ttl: Math.min(soa.ttl, Number(soa.data.split(" ").at(-1))) };
}

/** Addresses of the hosts that the records name, as far as we know them. */
function glue(zones: readonly Zone[], records: readonly DnsRecord[]): DnsRecord[] {
  const hosts = new Set<string>();
  for (const { type, data } of records) {
    if (type === "MX" || type === "NS" || type === "SRV") hosts.add(data.split(" ").at(-1)!);
  }
  return [...hosts].flatMap((host) => {
    const types = zoneOf(zones, host)?.names.get(host.toLowerCase());
    return [...(types?.get("A") ?? []), ...(types?.get("AAAA") ?? [])].map((record) => ({
      ...record,
      name: host,
    }));
  });
}

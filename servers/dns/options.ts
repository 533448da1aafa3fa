import type { FaultRule } from "../../wire/exchange/rule.ts";
import type { Zone, ZoneRecords } from "./zone.ts";

/** How to start a DNS server. Every field may be left out. */
export interface DnsOptions {
  /** Address to listen on, for UDP and TCP. @default "127.0.0.1" */
  readonly host?: string;
  /** UDP and TCP port; 0 takes one that is free for both. @default 0 */
  readonly port?: number;
  /** Zones by their names, as records (`{ "example.test": { "@": { MX: "10 mail" } } }`) or parsed. @default {} */
  readonly zones?: Readonly<Record<string, ZoneRecords | Zone>>;
  /** TTL of records given as an object, in seconds. @default 60 */
  readonly ttl?: number;
  /** Largest answer over UDP, in bytes, however much the client says it takes (RFC 6891). @default 1_232 */
  readonly maxUdpBytes?: number;
  /** UDP answers to one address each second; what is more is dropped. @default Infinity on loopback, 100 elsewhere */
  readonly maxAnswersPerSecond?: number;
  /** TCP connections at the same time. @default 1_000 */
  readonly maxConnections?: number;
  /** How long a TCP connection may be silent, in milliseconds (RFC 7766 section 6.2.3). @default 30_000 */
  readonly idleTimeoutMs?: number;
  /** Queries that are kept in the log; the oldest go first. @default 10_000 */
  readonly maxLogEntries?: number;
  /** Faults: typed ones, texts of scripts with `(whenever)` blocks, or paths of them. @default none */
  readonly rules?: readonly (FaultRule | string)[];
  /** Seeds the faults that happen by chance. @default that of the rules' script, or 0 */
  readonly seed?: number | undefined;
}

/** What a server runs with. */
export type ResolvedDnsOptions = Required<Omit<DnsOptions, "seed">> & Pick<DnsOptions, "seed">;

export const dnsDefaults: ResolvedDnsOptions = {
  host: "127.0.0.1",
  port: 0,
  zones: {},
  ttl: 60,
  maxUdpBytes: 1_232,
  maxAnswersPerSecond: Infinity,
  maxConnections: 1_000,
  idleTimeoutMs: 30_000,
  maxLogEntries: 10_000,
  rules: [],
};

/** @throws TypeError for a value that cannot be */
export function resolveDnsOptions(options: DnsOptions): ResolvedDnsOptions {
  const host = options.host ?? dnsDefaults.host;
  const isLoopback = host === "::1" || host.startsWith("127.");
  const resolved = { ...dnsDefaults, maxAnswersPerSecond: isLoopback ? Infinity : 100, ...options };
  if (!(resolved.maxUdpBytes >= 512 && resolved.maxUdpBytes <= 65_535)) {
    throw new TypeError(`startDns: maxUdpBytes must be 512 to 65535, got ${resolved.maxUdpBytes}`);
  }
  return resolved;
}

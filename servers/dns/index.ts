export type { DnsOptions } from "./options.ts";
export type { DnsQuery } from "./query-log.ts";
export { type DnsServer, startDns } from "./server.ts";
export { makeZone, type Zone, type ZoneEntry, zoneFromRecords, type ZoneRecords } from "./zone.ts";
export { parseZoneFile } from "./zone-file.ts";

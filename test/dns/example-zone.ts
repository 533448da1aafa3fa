import type { ZoneRecords } from "../../servers/dns/index.ts";

/** A zone with something of everything. */
export const exampleZone: ZoneRecords = {
  "@": {
    SOA: "ns hostmaster 1 3600 600 86400 30",
    NS: "ns",
    MX: "10 mail",
    TXT: '"v=spf1 -all"',
    CAA: '0 issue "ca.test"',
  },
  ns: { A: "192.0.2.53" },
  mail: { A: "192.0.2.25" },
  mail2: { MX: "0 ." },
  www: { A: "192.0.2.7", AAAA: "2001:db8::7" },
  alias: { CNAME: "www" },
  "*.wild": { A: "192.0.2.9" },
  "_smtp._tcp": { SRV: "0 5 25 mail" },
};

import { describe, expect, test } from "vitest";
import { parseZoneFile, type Zone } from "../../servers/dns/index.ts";

const file = `
$ORIGIN example.test.
$TTL 1h
@       IN SOA ns hostmaster ( 2026112301 ; serial
                3600 10m 1w
                30 ) ; minimum
        IN NS  ns
ns      A      192.0.2.53
@   300 MX     10 mail
mail  IN 300 A 192.0.2.25
txt     TXT    "a; b" "c\\"d" ( "e"
        "f" )
*.wild  A      192.0.2.9
$ORIGIN sub.example.test.
www     CNAME  @
@       A      192.0.2.10
odd\\.name A    192.0.2.11
raw     TYPE731 \\# 3 abcdef
`;

function records(zone: Zone, name: string, type: string): [number, string][] {
  return (zone.names.get(name)?.get(type) ?? []).map(({ ttl, data }) => [ttl, data]);
}

describe("parseZoneFile()", () => {
  const zone = parseZoneFile(file);

  test.for([
    [
      "example.test.",
      "SOA",
      3_600,
      "ns.example.test. hostmaster.example.test. 2026112301 3600 600 604800 30",
    ],
    ["example.test.", "NS", 3_600, "ns.example.test."],
    ["example.test.", "MX", 300, "10 mail.example.test."],
    ["mail.example.test.", "A", 300, "192.0.2.25"],
    ["txt.example.test.", "TXT", 3_600, '"a; b" "c\\"d" "e" "f"'],
    ["*.wild.example.test.", "A", 3_600, "192.0.2.9"],
    ["www.sub.example.test.", "CNAME", 3_600, "sub.example.test."],
    ["odd\\.name.sub.example.test.", "A", 3_600, "192.0.2.11"],
    ["raw.sub.example.test.", "TYPE731", 3_600, "\\# 3 abcdef"],
  ] as const)("reads %s %s", ([name, type, ttl, data]) => {
    expect(records(zone, name, type)).toEqual([[ttl, data]]);
  });

  test("knows the zone by its SOA, and names between names", () => {
    expect(zone.origin).toBe("example.test.");
    expect(zone.names.get("wild.example.test.")?.size).toBe(0);
  });

  test("makes up a SOA and an NS for a file without", () => {
    const small = parseZoneFile("www 60 A 192.0.2.1\n", "small.test");
    expect(small.soa.data).toBe("ns.small.test. hostmaster.small.test. 1 3600 600 86400 60");
  });

  test.for([
    ["www 60 A 192.0.2.1", /line 1: the file has no \$ORIGIN/],
    ["$ORIGIN x.test.\nwww A 192.0.2.1", /line 2: the record has no TTL/],
    ["$ORIGIN x.test.\nwww 60 BOGUS 1", /line 2: BOGUS is not a record type/],
    ["$ORIGIN x.test.\nwww 60 A 1.2.3", /www\.x\.test\. A: .*1\.2\.3/],
    ["$ORIGIN x.test.\n$INCLUDE other", /line 2: \$INCLUDE is not supported/],
    ["$ORIGIN x.test.\nwww 60 TXT ( a", /line 2: '\(' without '\)'/],
    ["$ORIGIN x.test.\nwww 60 A 192.0.2.1 )", /line 2: '\)' without '\('/],
    ["$ORIGIN x.test.\nwww.y.test. 60 A 192.0.2.1", /not in the zone/],
    ["$ORIGIN x.test.\nwww 60 A 192.0.2.1\nwww 60 CNAME y", /a CNAME stands alone/],
  ] as const)("refuses %j", ([text, why]) => {
    const origin = text.includes("y.test.") ? "x.test" : undefined;
    expect(() =>
      parseZoneFile(
        text.includes("y.test.") ? `$TTL 1\n@ SOA a b 1 1 1 1 1\n${text.split("\n")[1]}` : text,
        origin,
      ),
    ).toThrow(why);
  });
});

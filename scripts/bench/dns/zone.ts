/** A thousand hosts with an address and a thousand names with a mail exchange: the zone that is asked about. */
export const hosts = 1_000;

/** The zone as a master file. */
export function zoneText(): string {
  const lines = [
    "$ORIGIN example.test.",
    "$TTL 60",
    "@ SOA ns hostmaster 1 3600 600 86400 30",
    "@ NS ns",
    "ns A 127.0.0.1",
  ];
  for (let n = 0; n < hosts; n++) lines.push(`h${n} A 192.0.2.${n % 250}`, `m${n} MX 10 h${n}`);
  return `${lines.join("\n")}\n`;
}

/** The questions in the form of dnsperf, each name once. */
export function questionsText(): string {
  return Array.from({ length: hosts }, (_, n) => `h${n}.example.test A\nm${n}.example.test MX\n`).join("");
}

import { basename } from "node:path";
import { type DnsOptions, parseZoneFile, startDns, type Zone } from "../servers/dns/index.ts";
import { readNamedFile } from "./command-line/files.ts";
import { CommandError, listenAddress, text, value, values } from "./command-line/flags.ts";
import { given } from "./command-line/given.ts";
import { ruleFlags } from "./command-line/rules.ts";
import { typed } from "./command-line/typed.ts";
import { command, main } from "./command-line.ts";
import { serve, serveFlags, type Service } from "./serve.ts";

/** `npm run dns`: the name server. */
export const dns = command({
  name: "dns",
  summary: "a name server for zones of your own, over UDP and TCP",
  flags: {
    listen: value({ argument: "[ip]:port", help: "where to listen; default 127.0.0.1:5353" }, listenAddress),
    zone: values(
      {
        argument: "[NAME=]FILE",
        help: "a master file (RFC 1035); NAME where it has no $ORIGIN; default a zone called test",
      },
      text,
    ),
    ...ruleFlags,
    ...serveFlags,
  },
  examples: [
    "portside dns --zone example.test=example.zone",
    "portside dns --rules lost.exchange",
    "portside dns --listen :0 --json",
  ],
  run: (options) => serve(() => startNames(options), options),
});

const usual = { host: "127.0.0.1", port: 5353 };

/** Mail for anybody at `test`, or below it, goes to this machine: the kit's own mail server. */
const defaultZones: NonNullable<DnsOptions["zones"]> = {
  test: {
    "@": { A: "127.0.0.1", AAAA: "::1", MX: "10 mail", TXT: '"v=spf1 ip4:127.0.0.1 -all"' },
    mail: { A: "127.0.0.1", AAAA: "::1" },
    "*": { A: "127.0.0.1", AAAA: "::1", MX: "10 mail.test." },
  },
};

/** Start the name server at its usual place, or where it is asked to. */
export async function startNames({
  listen = usual,
  zone,
  rules = [],
  seed,
}: {
  readonly listen: typeof usual | undefined;
  readonly zone: readonly string[];
  readonly rules?: readonly string[];
  readonly seed?: number | undefined;
}): Promise<Service> {
  const zones = await Promise.all(zone.map(readZone));
  const server = await startDns({
    ...listen,
    rules,
    ...given({ seed }),
    zones: zones.length === 0 ? defaultZones : Object.fromEntries(zones.map((read) => [read.origin, read])),
  });
  const name = (zones[0]?.origin ?? "test.").replace(/\.$/, "");
  return {
    ready: { dns: server.url },
    facts: [
      ["Name server", `${server.url}   over UDP and TCP`],
      [
        "Zones",
        zones.map(({ origin }) => origin).join(" ") ||
          `test, whose mail and web are on this machine; your own with ${typed("portside dns --zone FILE")}`,
      ],
    ],
    tries: [
      `dig @${server.host} -p ${server.port} ${name} MX`,
      `node -e 'const r = new (require("dns").promises.Resolver)(); r.setServers(["${server.host}:${server.port}"]); r.resolveMx("${name}").then(console.log)'`,
    ],
    transcripts: [server.transcript],
    rules: [server.rules],
    close: (options) => server.close(options),
  };
}

async function readZone(given: string): Promise<Zone> {
  const [, origin, file = ""] = /^(?:([^=/]+)=)?(.*)$/s.exec(given) ?? [];
  const bytes = await readNamedFile(file, "--zone");
  try {
    return parseZoneFile(bytes.toString(), origin);
  } catch (error) {
    throw new CommandError(`${basename(file)}: ${(error as Error).message}`);
  }
}

if (import.meta.main) await main(dns);

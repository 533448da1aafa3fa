import { startToxiproxy } from "../servers/exchange/index.ts";
import { startProxy } from "../servers/proxy/index.ts";
import { ruleFlags } from "./command-line/rules.ts";
import { CommandError, listenAddress, text, value, values } from "./command-line/flags.ts";
import { given } from "./command-line/given.ts";
import { typed } from "./command-line/typed.ts";
import { command, main, type OptionsOf } from "./command-line.ts";
import { serve, serveFlags, type Service } from "./serve.ts";

/** What is asked of the proxy, without where it listens. */
export const proxyFlags = {
  user: values(
    { argument: "NAME:PASSWORD", help: "somebody who may come in; default everybody on this machine" },
    user,
  ),
  allow: values(
    {
      argument: "TARGET[:port]",
      help: "where clients may go: loopback, private, public, *, an address, 10.0.0.0/8, a name, *.name; default loopback",
    },
    text,
  ),
  upstream: value({ argument: "URL", help: "another proxy to go through: http://… or socks5://…" }, text),
  proxyProtocol: value({ argument: "1|2", help: "tell targets of tunnels who the client is" }, version),
} as const;

/** `npm run proxy`: the proxy, and toxiproxy's API beside it. */
export const proxy = command({
  name: "proxy",
  summary: "a proxy for HTTP and SOCKS on one port, with toxiproxy's API beside it",
  flags: {
    listen: value({ argument: "[ip]:port", help: "where to listen; default 127.0.0.1:3128" }, listenAddress),
    control: value(
      { argument: "[ip]:port", help: "where toxiproxy's API listens; default 127.0.0.1:8474" },
      listenAddress,
    ),
    ...proxyFlags,
    ...ruleFlags,
    ...serveFlags,
  },
  examples: [
    "portside proxy --allow loopback --allow '*.example.test:443'",
    "portside proxy --listen 0.0.0.0:3128 --user ann:secret",
    "portside proxy --listen :0 --control :0 --json",
  ],
  run: (options) => serve(() => startWays(options), options),
});

const usual = { host: "127.0.0.1", port: 3128 };
const usualControl = { host: "127.0.0.1", port: 8474 };

type Address = typeof usual;
type Flags = Partial<OptionsOf<typeof proxyFlags> & OptionsOf<typeof ruleFlags>> & {
  readonly listen: Address | undefined;
  readonly control: Address | undefined;
};

/** Start the proxy and the API at their usual places, or where they are asked to. */
export async function startWays(flags: Flags): Promise<Service> {
  const { user: users = [], allow = [], rules = [] } = flags;
  const server = await startProxy({
    ...(flags.listen ?? usual),
    users: Object.fromEntries(users),
    rules,
    ...(allow.length > 0 ? { allow } : {}),
    ...given({ upstream: flags.upstream, proxyProtocol: flags.proxyProtocol, seed: flags.seed }),
  });
  const control = await startToxiproxy(flags.control ?? usualControl).catch(async (error: unknown) => {
    await server.close({ graceMs: 0 });
    throw error;
  });
  const login = users[0] ? ` -U ${users[0][0]}:PASSWORD` : "";
  const allowed =
    allow.length > 0
      ? allow.join(" ")
      : `this machine alone; more with ${typed("portside proxy --allow HOST")}`;
  return {
    ready: { proxy: server.url, socks: server.socksUrl, control: control.url },
    facts: [
      ["Proxy", `${server.url}   HTTP, CONNECT, SOCKS 5, 4 and 4a on one port`],
      ["Leads to", allowed],
      ["Control", `${control.url}   toxiproxy's API: ports with faults`],
    ],
    tries: [
      `curl -x ${server.url}${login} ${control.url}/version`,
      `curl -x ${server.socksUrl.replace("socks5:", "socks5h:")}${login} ${control.url}/version`,
      `curl ${control.url}/proxies -d '{"name":"web","upstream":"127.0.0.1:8080"}'`,
    ],
    transcripts: [server.transcript],
    rules: [server.rules],
    close: async (options) => {
      await Promise.all([server.close(options), control.close()]);
    },
  };
}

function user(typed: string, name: string): readonly [user: string, password: string] {
  const [, who, password] = /^([^:]+):(.+)$/s.exec(typed) ?? [];
  // What was typed may be a password: it is not said again.
  if (who === undefined || password === undefined) throw new CommandError(`${name} needs NAME:PASSWORD`);
  return [who, password];
}

function version(typed: string, name: string): 1 | 2 {
  if (typed === "1") return 1;
  if (typed === "2") return 2;
  throw new CommandError(`${name} is "${typed}"; give 1 or 2`);
}

if (import.meta.main) await main(proxy);

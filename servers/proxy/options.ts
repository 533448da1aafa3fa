import type { FaultRule } from "../../wire/exchange/rule.ts";
import { connectionLimitDefaults, type ConnectionLimits } from "../../wire/limits.ts";
import type { DatagramFault } from "./datagram-faults.ts";

/** How to start a proxy. Every field may be left out. */
export interface ProxyOptions extends Pick<
  ConnectionLimits,
  "maxConnections" | "idleTimeoutMs" | "handshakeTimeoutMs"
> {
  /** Address to listen on; elsewhere than on loopback it takes `users` or `allow` too. @default "127.0.0.1" */
  readonly host?: string;
  /** TCP port; 0 takes a free one. @default 0 */
  readonly port?: number;
  /** Who may come in, by their passwords; everybody has to log in then. @default everybody may */
  readonly users?: Readonly<Record<string, string>>;
  /**
   * Where clients may go: `loopback`, `private`, `public`, `*`, an address, a network (`10.0.0.0/8`), a name or
   * `*.example.test`, each with `:port` or `:from-to` behind it when it is not about all ports. Port 25 is allowed
   * only where it is written down. @default ["loopback"] on loopback; ["public"] elsewhere
   */
  readonly allow?: readonly string[];
  /** Another proxy through which everything goes: `http://user:password@host:port`, `socks5://…`. @default none */
  readonly upstream?: string | undefined;
  /** The addresses of a name, best first; it is asked once for each request. @default the system's resolver */
  readonly lookup?: (name: string) => Promise<readonly string[]>;
  /** Say who the client is in front of each tunnel, in this version of the PROXY protocol. @default never */
  readonly proxyProtocol?: 1 | 2 | undefined;
  /** Faults on the bytes of tunnels: typed rules, scripts, or paths of `.exchange` files. @default none */
  readonly rules?: readonly (FaultRule | string)[];
  /** Faults on datagrams of SOCKS 5. @default none */
  readonly datagramFaults?: readonly DatagramFault[];
  /** Of everything that happens by chance. @default 1 */
  readonly seed?: number;
  /** How long a target may take to accept a connection, in milliseconds. @default 10_000 */
  readonly connectTimeoutMs?: number;
  /** From a client's first moment to its whole request, and from one request's first byte to its last. @default 10_000 */
  readonly handshakeTimeoutMs?: number;
  /** Largest head of a request, or of a response that is forwarded, in bytes. @default 8_192 */
  readonly maxHeadBytes?: number;
  /** Requests that are kept in the log; the oldest go first. @default 10_000 */
  readonly maxLogEntries?: number;
}

export const proxyDefaults: Required<ProxyOptions> = {
  host: "127.0.0.1",
  port: 0,
  users: {},
  allow: ["loopback"],
  upstream: undefined,
  lookup: systemLookup,
  proxyProtocol: undefined,
  rules: [],
  datagramFaults: [],
  seed: 1,
  connectTimeoutMs: 10_000,
  handshakeTimeoutMs: 10_000,
  idleTimeoutMs: connectionLimitDefaults.idleTimeoutMs,
  maxConnections: connectionLimitDefaults.maxConnections,
  maxHeadBytes: 8_192,
  maxLogEntries: 10_000,
};

/**
 * The options with everything filled in.
 * @throws TypeError for what would be an open proxy: everybody may come from elsewhere, and go anywhere
 */
export function resolveProxyOptions(given: ProxyOptions): Required<ProxyOptions> {
  const host = given.host ?? proxyDefaults.host;
  const isElsewhere = !isLoopbackHost(host);
  const options = { ...proxyDefaults, ...(isElsewhere ? { allow: ["public"] } : {}), ...given };
  const goesAnywhere = options.allow.some((rule) => /^(?:\*|public)(?::|$)/.test(rule.trim()));
  if (isElsewhere && goesAnywhere && Object.keys(options.users).length === 0) {
    throw new TypeError(
      `startProxy: on ${host} everybody could go anywhere; give users, or allow only the targets you need`,
    );
  }
  if (options.proxyProtocol !== undefined && options.upstream !== undefined) {
    throw new TypeError(
      "startProxy: proxyProtocol is told to targets, which upstream leaves to another proxy",
    );
  }
  return options;
}

/** Whether an address to listen on is of this machine alone. */
export function isLoopbackHost(host: string): boolean {
  return host === "::1" || host === "localhost" || host.startsWith("127.");
}

async function systemLookup(name: string): Promise<readonly string[]> {
  const { lookup } = await import("node:dns/promises");
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}

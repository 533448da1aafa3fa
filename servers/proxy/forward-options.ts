import { isIP } from "node:net";
import type { FaultRule } from "../../wire/exchange/rule.ts";
import { connectionLimitDefaults, type ConnectionLimits } from "../../wire/limits.ts";
import type { SocksEndpoint } from "../../wire/socks.ts";
import type { DatagramFault } from "./datagram-faults.ts";

/** What both forwards are told. */
interface ForwardOptions {
  /** Where everything goes: `host:port` or `[::1]:port`. */
  readonly target: string;
  /** Address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  /** TCP or UDP port; 0 takes a free one. @default 0 */
  readonly port?: number;
  /** Of everything that happens by chance. @default 1 */
  readonly seed?: number;
}

/** How to forward TCP. */
export interface TcpForwardOptions
  extends ForwardOptions, Pick<ConnectionLimits, "maxConnections" | "idleTimeoutMs"> {
  /** Faults on bytes: typed rules, scripts, or paths of `.exchange` files. @default none */
  readonly rules?: readonly (FaultRule | string)[];
  /** Say who the client is in front of each connection, in this version of the PROXY protocol. @default never */
  readonly proxyProtocol?: 1 | 2 | undefined;
  /** How long the target may take to accept a connection, in milliseconds. @default 10_000 */
  readonly connectTimeoutMs?: number;
  /** Connections that are kept in the log; the oldest go first. @default 10_000 */
  readonly maxLogEntries?: number;
}

/** How to forward UDP. */
export interface UdpForwardOptions extends ForwardOptions {
  /** Faults on datagrams. @default none */
  readonly faults?: readonly DatagramFault[];
  /** Silence after which a client is forgotten; it may come again. @default 60_000 */
  readonly idleTimeoutMs?: number;
  /** Clients at the same time; datagrams of more are dropped. @default 1_000 */
  readonly maxClients?: number;
}

export const tcpForwardDefaults: Required<Omit<TcpForwardOptions, "target">> = {
  host: "127.0.0.1",
  port: 0,
  seed: 1,
  rules: [],
  proxyProtocol: undefined,
  connectTimeoutMs: 10_000,
  idleTimeoutMs: connectionLimitDefaults.idleTimeoutMs,
  maxConnections: connectionLimitDefaults.maxConnections,
  maxLogEntries: 10_000,
};

export const udpForwardDefaults: Required<Omit<UdpForwardOptions, "target">> = {
  host: "127.0.0.1",
  port: 0,
  seed: 1,
  faults: [],
  idleTimeoutMs: 60_000,
  maxClients: 1_000,
};

/** A target taken apart. @throws TypeError when it is none */
export function parseForwardTarget(text: string): SocksEndpoint {
  const parts = /^(?:\[(?<ipv6>[^\]]+)\]|(?<host>[^\s:[\]/@]+)):(?<port>\d{1,5})$/.exec(text)?.groups;
  const port = Number(parts?.["port"]);
  const host = parts?.["ipv6"] ?? parts?.["host"] ?? "";
  if (!parts || port === 0 || port > 65_535 || (parts["ipv6"] !== undefined && isIP(host) !== 6)) {
    throw new TypeError(`a forward's target is written 127.0.0.1:5432 or [::1]:5432, not "${text}"`);
  }
  return { host, port };
}

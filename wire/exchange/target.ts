import type { Destination } from "../dial.ts";

/** What a target URL says about the way to it. */
export interface Target {
  readonly url: URL;
  readonly transport: "tcp" | "udp" | "unix";
  readonly hasTls: boolean;
  readonly isWebSocket: boolean;
  readonly host: string;
  readonly port: number;
  /** Of a unix socket. */
  readonly path: string;
}

const usualPorts: Readonly<Record<string, number>> = {
  smtp: 25,
  smtps: 465,
  ftp: 21,
  ftps: 990,
  redis: 6379,
  rediss: 6379,
  dns: 53,
  ws: 80,
  wss: 443,
  irc: 6667,
  ircs: 6697,
};
const tlsSchemes = new Set(["smtps", "ftps", "rediss", "wss", "tls", "ircs"]);
const schemes = new Set([...Object.keys(usualPorts), "tcp", "tls", "udp", "unix"]);

let last: { readonly text: string; readonly target: Target } | undefined;

/**
 * A target URL taken apart. The last one is kept: scripts are played against the same server, one after the other.
 * @throws {TypeError} when it is not one
 */
export function parseTarget(text: string): Target {
  if (last?.text !== text) last = { text, target: takeApart(text) };
  return last.target;
}

function takeApart(text: string): Target {
  const url = URL.parse(text);
  if (url === null) throw new TypeError(`'${text}' is not a URL such as smtp://127.0.0.1:1025`);
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.has(scheme)) {
    throw new TypeError(`'${scheme}' is not a scheme I know; there are ${[...schemes].join(", ")}`);
  }
  const port = url.port === "" ? usualPorts[scheme] : Number(url.port);
  if (scheme !== "unix" && port === undefined) throw new TypeError(`'${text}' has no port`);
  return {
    url,
    transport: scheme === "udp" || scheme === "dns" ? "udp" : scheme === "unix" ? "unix" : "tcp",
    hasTls: tlsSchemes.has(scheme),
    isWebSocket: scheme === "ws" || scheme === "wss",
    host: url.hostname.replace(/^\[(.*)\]$/, "$1") || "127.0.0.1",
    port: port ?? 0,
    path: decodeURIComponent(url.pathname),
  };
}

/** Where the connection to a target goes. */
export function destinationOf({ transport, path, host, port }: Target): Destination {
  return transport === "unix" ? { path } : { host, port };
}

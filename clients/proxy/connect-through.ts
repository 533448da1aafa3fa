import type { Socket } from "node:net";
import { dialThrough, parseProxyUrl } from "../../wire/proxy-hop.ts";

/** Which way to go. */
export interface ConnectThroughOptions {
  /** `http://user:password@host:port` (CONNECT), `socks5://…` or `socks4://…` (names go to the proxy as names). */
  readonly proxy: string;
  /** `host:port` or `[::1]:port`. */
  readonly target: string;
  /** For the proxy and the target together, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number;
}

/**
 * Open a TCP connection through a proxy.
 * @returns a socket at the first byte of the target, which waits until somebody reads: half-open, and without Nagle's
 * delay; for TLS give it to `tls.connect({ socket, servername })`
 * @throws WireError CONNECT_FAILED, REPLY_UNEXPECTED (the proxy refuses, with its reason), PROTOCOL_VIOLATION,
 * CONNECTION_LOST, TIMED_OUT; TypeError for a proxy or a target that cannot be understood
 * @example
 * const socket = await connectThrough({ proxy: "socks5://127.0.0.1:3128", target: "127.0.0.1:6379" });
 */
export async function connectThrough({
  proxy,
  target,
  timeoutMs = 10_000,
}: ConnectThroughOptions): Promise<Socket> {
  const parts = /^(?:\[(?<ipv6>[\da-f:.]+)\]|(?<host>[^\s:[\]/@]+)):(?<port>\d{1,5})$/i.exec(target)?.groups;
  const port = Number(parts?.["port"]);
  if (!parts || port === 0 || port > 65_535) {
    throw new TypeError(`connectThrough: "${target}" is no target such as 127.0.0.1:6379 or [::1]:25`);
  }
  return await dialThrough(
    parseProxyUrl(proxy),
    { host: parts["ipv6"] ?? parts["host"] ?? "", port },
    timeoutMs,
  );
}

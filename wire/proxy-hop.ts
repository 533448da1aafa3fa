import type { Socket } from "node:net";
import { ByteReader } from "./byte-reader.ts";
import { dialSocket } from "./dial.ts";
import { WireError } from "./errors.ts";
import { findHeadEnd, parseResponseHead, type ResponseHead } from "./http-head.ts";
import { hostPortText } from "./ip-address.ts";
import {
  maxSocksBytes,
  parseSocks4Reply,
  parseSocks5Choice,
  parseSocks5Message,
  printSocks4Request,
  printSocks5Greeting,
  printSocks5Login,
  printSocks5Message,
  socksCommands,
  type SocksEndpoint,
  socksMethods,
  socksReplies,
} from "./socks.ts";

/** A proxy as its URL says it. */
export interface ProxyAddress {
  /** `socks4` also says names (4a). */
  readonly protocol: "http" | "socks5" | "socks4";
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

const usualPorts = { http: 80, socks4: 1080, socks5: 1080 } as const;
const protocols: Readonly<Record<string, ProxyAddress["protocol"]>> = {
  "http:": "http",
  "socks:": "socks5",
  "socks5:": "socks5",
  "socks5h:": "socks5",
  "socks4:": "socks4",
  "socks4a:": "socks4",
};
const headBounds = { maxHeadBytes: 8_192, maxFields: 100 };

/** `http://user:password@host:port`, or `socks5:`, `socks4:`, taken apart. @throws TypeError when it is no such URL */
export function parseProxyUrl(text: string): ProxyAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const protocol = protocols[url?.protocol ?? ""];
  if (!url || !protocol || url.hostname === "") {
    // It may hold a password.
    throw new TypeError("a proxy is written http://host:port, socks5://host:port or socks4://host:port");
  }
  return {
    protocol,
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? usualPorts[protocol] : Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  };
}

/** The value of Proxy-Authorization for a proxy; nothing when its URL has no user (RFC 7617). */
export function proxyAuthorization({ user, password }: ProxyAddress): string | undefined {
  return user === "" ? undefined : `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/**
 * Open a connection to a target through a proxy. Names go to the proxy as names.
 * @param timeoutMs for everything together
 * @returns a socket as `dialSocket` gives it, at the first byte of the target
 * @throws WireError CONNECT_FAILED when nobody is at the proxy's address, REPLY_UNEXPECTED when the proxy refuses,
 * PROTOCOL_VIOLATION, CONNECTION_LOST, TIMED_OUT
 */
export async function dialThrough(
  proxy: ProxyAddress,
  target: SocksEndpoint,
  timeoutMs: number,
): Promise<Socket> {
  const socket = await dialSocket(proxy, timeoutMs);
  socket.on("error", ignore);
  const name = hostPortText(proxy.host, proxy.port);
  let isLate = false;
  const deadline = setTimeout(() => {
    isLate = true;
    socket.destroy();
  }, timeoutMs);
  try {
    await ask[proxy.protocol](new ByteReader(socket), proxy, target);
    unpause(socket);
    socket.off("error", ignore);
    return socket;
  } catch (error) {
    socket.destroy();
    if (isLate) throw new WireError("TIMED_OUT", `the proxy ${name} did not answer within ${timeoutMs} ms`);
    throw error;
  } finally {
    clearTimeout(deadline);
  }
}

type Ask = (reader: ByteReader, proxy: ProxyAddress, target: SocksEndpoint) => Promise<void>;
const ask: Readonly<Record<ProxyAddress["protocol"], Ask>> = {
  http: askHttp,
  socks5: askSocks5,
  socks4: askSocks4,
};

async function askHttp(
  reader: ByteReader,
  proxy: ProxyAddress,
  { host, port }: SocksEndpoint,
): Promise<void> {
  const target = hostPortText(host, port);
  const authorization = proxyAuthorization(proxy);
  const login = authorization === undefined ? "" : `Proxy-Authorization: ${authorization}\r\n`;
  reader.socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${login}\r\n`);
  let head: ResponseHead;
  do ({ head } = await reader.read(responseHead, headBounds.maxHeadBytes));
  while (head.status < 200);
  if (head.status >= 300) refuse(proxy, target, `${head.status} ${head.reason}`);
}

async function askSocks5(reader: ByteReader, proxy: ProxyAddress, target: SocksEndpoint): Promise<void> {
  const { socket } = reader;
  const hasUser = proxy.user !== "";
  const offered = hasUser ? [socksMethods.none, socksMethods.password] : [socksMethods.none];
  socket.write(printSocks5Greeting(offered));
  const { value: method } = await reader.read(parseSocks5Choice, maxSocksBytes);
  const name = hostPortText(target.host, target.port);
  if (method === socksMethods.password && hasUser) {
    socket.write(printSocks5Login(proxy.user, proxy.password));
    const { value: status } = await reader.read(parseSocks5Choice, maxSocksBytes);
    if (status !== 0) refuse(proxy, name, "it does not know the user or the password");
  } else if (method !== socksMethods.none) {
    refuse(proxy, name, hasUser ? "it takes no password" : "it wants a user and a password");
  }
  socket.write(printSocks5Message(socksCommands.connect, target));
  const { code } = await reader.read(parseSocks5Message, maxSocksBytes);
  if (code === socksReplies.succeeded) return;
  const [meaning] = Object.entries(socksReplies).find(([, known]) => known === code) ?? ["a code of its own"];
  refuse(proxy, name, `reply ${code}, ${meaning}`);
}

async function askSocks4(reader: ByteReader, proxy: ProxyAddress, target: SocksEndpoint): Promise<void> {
  reader.socket.write(printSocks4Request(target, proxy.user));
  const { isGranted } = await reader.read(parseSocks4Reply, maxSocksBytes);
  if (!isGranted) refuse(proxy, hostPortText(target.host, target.port), "request rejected or failed");
}

function responseHead(bytes: Buffer): { readonly bytes: number; readonly head: ResponseHead } | "incomplete" {
  const end = findHeadEnd(bytes, 0, headBounds);
  return end === -1
    ? "incomplete"
    : { bytes: end, head: parseResponseHead(bytes.toString("latin1", 0, end - 4), headBounds) };
}

function refuse(proxy: ProxyAddress, target: string, reason: string): never {
  const name = hostPortText(proxy.host, proxy.port);
  throw new WireError("REPLY_UNEXPECTED", `the proxy ${name} does not connect to ${target}: ${reason}`);
}

/** Paused on purpose it would not flow for whoever listens to `data`; so it is as new, and waits for a listener. */
function unpause(socket: Socket): void {
  socket.on("readable", ignore).off("readable", ignore);
}

function ignore(): void {
  // While we ask, the reader tells what happens.
}

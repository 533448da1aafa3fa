import { isIPv4, isIPv6 } from "node:net";
import { ipBytes, ipText } from "./ip-address.ts";

/**
 * The PROXY protocol, versions 1 and 2: what a proxy says in front of a connection, so that the server behind it knows
 * who the client is. https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt
 */

/** Who speaks to the proxy, or to whom; the port of a unix socket is 0. */
export interface ProxyEndpoint {
  readonly address: string;
  readonly port: number;
}

/** A PROXY header as it stood in front of a connection. */
export interface ProxyHeader {
  /** How many bytes it took; the connection itself begins behind them. */
  readonly bytes: number;
  /** Nothing when the proxy speaks for itself (LOCAL), or does not know (UNKNOWN). */
  readonly client?: ProxyEndpoint;
  /** The address at which the client reached the proxy. */
  readonly destination?: ProxyEndpoint;
}

/** The longest header that is read, in bytes; what version 2 can carry besides addresses is seldom over 1,000. */
export const maxProxyHeaderBytes = 4_096;

// Section 2.1: the longest line of version 1, with its CRLF.
const maxLineBytes = 107;
const signature = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");
const fixedBytes = 16;

/**
 * Read the header in front of a connection.
 * @param bytes all that has come so far
 * @returns the header; `incomplete` when more bytes could make one, `invalid` when none could
 */
export function parseProxyHeader(bytes: Uint8Array): ProxyHeader | "incomplete" | "invalid" {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (begins(head, signature)) return head.length < fixedBytes ? "incomplete" : parseBinary(head);
  return begins(head, Buffer.from("PROXY ")) ? parseLine(head) : "invalid";
}

/**
 * A header of version 1 or 2 about a connection of TCP. Addresses of two families make one of neither: version 1 says
 * UNKNOWN then, version 2 the family UNSPEC.
 */
export function printProxyHeader(version: 1 | 2, client: ProxyEndpoint, destination: ProxyEndpoint): Buffer {
  const from = ipBytes(client.address);
  const to = ipBytes(destination.address);
  const isKnown = from !== undefined && from.length === to?.length;
  if (version === 1) {
    if (!isKnown) return Buffer.from("PROXY UNKNOWN\r\n");
    const family = from.length === 4 ? "TCP4" : "TCP6";
    const ports = `${client.port} ${destination.port}`;
    return Buffer.from(`PROXY ${family} ${ipText(from)} ${ipText(to)} ${ports}\r\n`);
  }
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(client.port, 0);
  ports.writeUInt16BE(destination.port, 2);
  const block = isKnown ? Buffer.concat([from, to, ports]) : Buffer.alloc(0);
  const family = !isKnown ? 0 : from.length === 4 ? 0x11 : 0x21;
  return Buffer.concat([signature, Buffer.of(0x21, family, 0, block.length), block]);
}

/** Whether these bytes are the beginning, as far as they go. */
function begins(head: Buffer, beginning: Buffer): boolean {
  const length = Math.min(head.length, beginning.length);
  return head.subarray(0, length).equals(beginning.subarray(0, length));
}

/** Version 1, section 2.1: `PROXY TCP4 192.0.2.1 198.51.100.2 5000 25\r\n`. */
function parseLine(head: Buffer): ProxyHeader | "incomplete" | "invalid" {
  const end = head.subarray(0, maxLineBytes).indexOf("\r\n");
  if (end === -1) return head.length < maxLineBytes ? "incomplete" : "invalid";
  const bytes = end + 2;
  const line = head.toString("latin1", 0, end);
  // What stands behind UNKNOWN must be ignored.
  if (/^PROXY UNKNOWN(?: |$)/.test(line)) return { bytes };
  const match = /^PROXY (TCP4|TCP6) (\S+) (\S+) (\d{1,5}) (\d{1,5})$/.exec(line);
  if (!match) return "invalid";
  const [, family, from = "", to = "", fromPort = "", toPort = ""] = match;
  const isAddress = family === "TCP4" ? isIPv4 : isIPv6;
  if (!isAddress(from) || !isAddress(to) || !isPort(fromPort) || !isPort(toPort)) return "invalid";
  return {
    bytes,
    client: { address: from, port: Number(fromPort) },
    destination: { address: to, port: Number(toPort) },
  };
}

function isPort(digits: string): boolean {
  return String(Number(digits)) === digits && Number(digits) <= 65_535;
}

/** Address bytes of a family over a stream (section 2.2); a datagram cannot have brought a connection. */
const families: Readonly<Record<number, { size: number; read(block: Buffer): readonly ProxyEndpoint[] }>> = {
  0x11: { size: 12, read: (block) => internet(block, 4) },
  0x21: { size: 36, read: (block) => internet(block, 16) },
  0x31: { size: 216, read: (block) => [block.subarray(0, 108), block.subarray(108, 216)].map(unix) },
};

/** Version 2, section 2.2. */
function parseBinary(head: Buffer): ProxyHeader | "incomplete" | "invalid" {
  const command = head.readUInt8(12);
  const family = head.readUInt8(13);
  const length = head.readUInt16BE(14);
  const bytes = fixedBytes + length;
  const isLocal = command === 0x20;
  if ((!isLocal && command !== 0x21) || bytes > maxProxyHeaderBytes) return "invalid";
  const known = families[family];
  if (!isLocal && family !== 0 && (!known || length < known.size)) return "invalid";
  if (head.length < bytes) return "incomplete";
  // LOCAL, and an address of no family: the connection is the proxy's own, whatever else is said.
  if (isLocal || !known) return { bytes };
  const block = head.subarray(fixedBytes, bytes);
  if (!areVectors(block.subarray(known.size))) return "invalid";
  const [client, destination] = known.read(block);
  return { bytes, client: client!, destination: destination! };
}

function internet(block: Buffer, size: number): ProxyEndpoint[] {
  return [0, 1].map((side) => ({
    address: ipText(block.subarray(side * size, (side + 1) * size)),
    port: block.readUInt16BE(2 * size + 2 * side),
  }));
}

function unix(path: Buffer): ProxyEndpoint {
  const end = path.indexOf(0);
  return { address: path.toString("utf8", 0, end === -1 ? path.length : end), port: 0 };
}

/** Section 2.2.3: type, length, value; each whole. Their meaning is nobody's business here. */
function areVectors(block: Buffer): boolean {
  let at = 0;
  while (at + 3 <= block.length) at += 3 + block.readUInt16BE(at + 1);
  return at === block.length;
}

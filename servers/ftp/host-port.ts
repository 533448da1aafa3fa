/** The addresses of data connections as FTP writes them: `h1,h2,h3,h4,p1,p2` (RFC 959) and `|1|host|port|` (RFC 2428). */
import { isIPv4, isIPv6 } from "node:net";

/** Where a client listens for an active data connection. */
export interface HostPort {
  /** An IP address; IPv4 in its plain form. */
  readonly host: string;
  readonly port: number;
}

/** The argument of PORT: six decimal numbers of one byte each. `undefined` when it is anything else. */
export function parsePort(argument: string): HostPort | undefined {
  const match = /^(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})$/.exec(argument.trim());
  if (!match) return undefined;
  // Number() reads "010" as ten: there is no octal here.
  const numbers = match.slice(1).map(Number);
  if (numbers.some((number) => number > 255)) return undefined;
  return { host: numbers.slice(0, 4).join("."), port: (numbers[4] ?? 0) * 256 + (numbers[5] ?? 0) };
}

/** What EPRT asked for; `"unsupported"` = a network protocol that is neither 1 nor 2 (522). */
export function parseExtendedPort(argument: string): HostPort | "unsupported" | undefined {
  const delimiter = argument[0] ?? "";
  if (!/^[!-~]$/.test(delimiter) || /[0-9]/.test(delimiter)) return undefined;
  const parts = argument.split(delimiter);
  const [before, protocol = "", host = "", portText = "", behind] = parts;
  if (parts.length !== 5 || before !== "" || behind !== "") return undefined;
  if (!/^\d{1,5}$/.test(protocol) || !/^\d{1,5}$/.test(portText)) return undefined;
  if (protocol !== "1" && protocol !== "2") return "unsupported";
  const port = Number(portText);
  if (port > 65_535 || !(protocol === "1" ? isIPv4(host) : isIPv6(host))) return undefined;
  return { host: plainAddress(host), port };
}

/** The text of a 227 reply: the only form that every client finds. */
export function formatPassive(host: string, port: number): string {
  return `Entering Passive Mode (${host.replaceAll(".", ",")},${port >> 8},${port & 255}).`;
}

/** The text of a 229 reply (RFC 2428 section 3). */
export function formatExtendedPassive(port: number): string {
  return `Entering Extended Passive Mode (|||${port}|)`;
}

/** An IPv4 address that came in IPv6 clothes (`::ffff:127.0.0.1`) as IPv4; any other in one spelling. */
export function plainAddress(address: string): string {
  const text = address.toLowerCase().replace(/%.*$/, "");
  if (isIPv4(text)) return text;
  const groups = groupsOf(text);
  if (!groups) return text;
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  return groups.map((group) => group.toString(16)).join(":");
}

/** The eight numbers of an IPv6 address, whatever its spelling. */
function groupsOf(address: string): number[] | undefined {
  if (!isIPv6(address)) return undefined;
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const [a = 0, b = 0, c = 0, d = 0] = dotted ? dotted.slice(2).map(Number) : [];
  const text = dotted ? `${dotted[1]}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}` : address;
  const [front = "", back] = text.split("::");
  const before = front === "" ? [] : front.split(":");
  const behind = back === undefined || back === "" ? [] : back.split(":");
  const missing = back === undefined ? 0 : 8 - before.length - behind.length;
  const zeros = Array.from({ length: missing }, () => "0");
  return [...before, ...zeros, ...behind].map((group) => Number.parseInt(group, 16));
}

/** Whether two addresses are one machine's, whatever their spelling. */
export function isSameHost(one: string, other: string): boolean {
  return one === other || plainAddress(one) === plainAddress(other);
}

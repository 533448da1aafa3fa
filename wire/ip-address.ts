import { isIPv4, isIPv6 } from "node:net";

/** The 4 or 16 bytes of an IP address; undefined for what is none. A zone (`%eth0`) is no part of them. */
export function ipBytes(text: string): Buffer | undefined {
  if (isIPv4(text)) return Buffer.from(text.split(".").map(Number));
  const [address = ""] = text.split("%");
  if (!isIPv6(address)) return undefined;
  // A URL's host is in the one form of RFC 5952, without an IPv4 address at its end.
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const before = groupsOf(head);
  const after = groupsOf(tail ?? "");
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  const bytes = Buffer.alloc(16);
  for (const [index, group] of [...before, ...zeros, ...after].entries())
    bytes.writeUInt16BE(group, index * 2);
  return bytes;
}

/** An IP address of 4 or 16 bytes as text; IPv6 as RFC 5952 writes it: the longest run of zeros is left out. */
export function ipText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16));
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

/** `127.0.0.1:80`, `[::1]:80`, `example.test:80`: how a host and a port are written together. */
export function hostPortText(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function groupsOf(text: string): number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

/**
 * Where a secondary connection goes. In the variables of a script an address is the text `host:port`, with an empty
 * host when the peer left it out (EPSV does: "the same host as this connection").
 */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The address a text such as `127.0.0.1:21`, `[::1]:21` or `:21` means, `undefined` when it is none. */
export function parseAddress(text: string): Address | undefined {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text);
  if (!found || Number(found[3]) > 65_535) return undefined;
  return { host: found[1] ?? found[2] ?? "", port: Number(found[3]) };
}

/** The text of an address, as it is kept in a variable. */
export function printAddress({ host, port }: Address): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The six numbers of PORT and of reply 227 (RFC 959 section 4.1.2). */
export function printPasv({ host, port }: Address): string {
  const numbers = /^\d+\.\d+\.\d+\.\d+$/.test(host) ? host.replaceAll(".", ",") : "127,0,0,1";
  return `${numbers},${port >> 8},${port & 255}`;
}

/** The address that six numbers mean; `undefined` when one is over 255. */
export function parsePasv(text: string): Address | undefined {
  const numbers = text.split(",").map(Number);
  if (numbers.length !== 6 || numbers.some((number) => !(number >= 0 && number <= 255))) return undefined;
  return { host: numbers.slice(0, 4).join("."), port: numbers[4]! * 256 + numbers[5]! };
}

/** `|||port|` of reply 229 (RFC 2428 section 3). */
export function printEpsv({ port }: Address): string {
  return `|||${port}|`;
}

/** `|1|host|port|` of EPRT, and of 229 with its empty fields (RFC 2428 sections 2 and 3). */
export function printEprt({ host, port }: Address): string {
  return `|${host.includes(":") ? 2 : 1}|${host === "" ? "127.0.0.1" : host}|${port}|`;
}

/** The address between the delimiters of EPRT or 229; any printable character may be the delimiter. */
export function parseEprt(text: string): Address | undefined {
  const [, , host = "", port = ""] = text.split(text.charAt(0));
  return /^\d{1,5}$/.test(port) && Number(port) <= 65_535 ? { host, port: Number(port) } : undefined;
}

/**
 * SOCKS, both sides, without sockets: version 5 (RFC 1928, passwords RFC 1929) and versions 4 and 4a. What is read comes
 * from the beginning of some bytes; `incomplete` asks for more of them.
 */
import { isIP } from "node:net";
import { WireError } from "./errors.ts";
import { ipBytes, ipText } from "./ip-address.ts";

/** Where somebody wants to go: a name or an address, and a port. */
export interface SocksEndpoint {
  readonly host: string;
  readonly port: number;
}

/** No message of SOCKS is longer: a name of 255 bytes twice, and what stands around it. */
export const maxSocksBytes = 1_024;

export const socksMethods = { none: 0x00, password: 0x02, noneAcceptable: 0xff } as const;
export const socksCommands = { connect: 0x01, bind: 0x02, udpAssociate: 0x03 } as const;

/** RFC 1928 section 6. */
export const socksReplies = {
  succeeded: 0x00,
  generalFailure: 0x01,
  notAllowed: 0x02,
  networkUnreachable: 0x03,
  hostUnreachable: 0x04,
  connectionRefused: 0x05,
  ttlExpired: 0x06,
  commandNotSupported: 0x07,
  addressTypeNotSupported: 0x08,
} as const;

export type SocksReply = keyof typeof socksReplies;

/** The client's greeting: which methods of login it knows (section 3). */
export function parseSocks5Greeting(
  bytes: Buffer,
): { readonly bytes: number; readonly methods: readonly number[] } | "incomplete" {
  if (bytes.length < 2) return "incomplete";
  const end = 2 + bytes[1]!;
  return bytes.length < end ? "incomplete" : { bytes: end, methods: [...bytes.subarray(2, end)] };
}

export function printSocks5Greeting(methods: readonly number[]): Buffer {
  return Buffer.from([5, methods.length, ...methods]);
}

/** A name and a password (RFC 1929). @throws WireError PROTOCOL_VIOLATION */
export function parseSocks5Login(
  bytes: Buffer,
): { readonly bytes: number; readonly user: string; readonly password: string } | "incomplete" {
  if (bytes[0] !== 1) throw new WireError("PROTOCOL_VIOLATION", "a SOCKS login is not of version 1");
  const userEnd = 2 + (bytes[1] ?? 0);
  const end = userEnd + 1 + (bytes[userEnd] ?? 0);
  if (bytes.length < 2 || bytes.length < userEnd + 1 || bytes.length < end) return "incomplete";
  return {
    bytes: end,
    user: bytes.toString("utf8", 2, userEnd),
    password: bytes.toString("utf8", userEnd + 1, end),
  };
}

/** @throws TypeError when one of them is longer than SOCKS can say */
export function printSocks5Login(user: string, password: string): Buffer {
  return Buffer.concat([Buffer.of(1), counted(user, "user name"), counted(password, "password")]);
}

/** The two bytes with which a server answers a greeting and a login. */
export function parseSocks5Choice(
  bytes: Buffer,
): { readonly bytes: number; readonly value: number } | "incomplete" {
  return bytes.length < 2 ? "incomplete" : { bytes: 2, value: bytes[1]! };
}

/**
 * A request, or a reply, which has the same form (sections 4 and 6): `code` is its command or its reply code.
 * @returns no endpoint for a type of address that there is not
 * @throws WireError PROTOCOL_VIOLATION
 */
export function parseSocks5Message(
  bytes: Buffer,
):
  | { readonly bytes: number; readonly code: number; readonly endpoint: SocksEndpoint | undefined }
  | "incomplete" {
  if (bytes[0] !== 5) throw new WireError("PROTOCOL_VIOLATION", "a SOCKS message is not of version 5");
  if (bytes.length < 5) return "incomplete";
  const read = readEndpoint(bytes, 3);
  if (read === "incomplete") return "incomplete";
  return read === "unknown type"
    ? { bytes: bytes.length, code: bytes[1]!, endpoint: undefined }
    : { bytes: read.end, code: bytes[1]!, endpoint: read.endpoint };
}

export function printSocks5Message(code: number, endpoint: SocksEndpoint = nowhere): Buffer {
  return Buffer.concat([Buffer.of(5, code, 0), printEndpoint(endpoint)]);
}

/** A datagram as client and relay exchange it (section 7); undefined for what is none. */
export function parseSocksDatagram(
  bytes: Buffer,
): { readonly fragment: number; readonly endpoint: SocksEndpoint; readonly payload: Buffer } | undefined {
  if (bytes.length < 5 || bytes.readUInt16BE(0) !== 0) return undefined;
  const read = readEndpoint(bytes, 3);
  if (read === "incomplete" || read === "unknown type") return undefined;
  return { fragment: bytes[2]!, endpoint: read.endpoint, payload: bytes.subarray(read.end) };
}

export function printSocksDatagram(endpoint: SocksEndpoint, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(0, 0, 0), printEndpoint(endpoint), payload]);
}

/** A request of version 4, or 4a when the address says that a name follows. */
export function parseSocks4Request(
  bytes: Buffer,
):
  | { readonly bytes: number; readonly code: number; readonly endpoint: SocksEndpoint; readonly user: string }
  | "incomplete" {
  if (bytes.length < 9) return "incomplete";
  const userEnd = bytes.indexOf(0, 8);
  if (userEnd === -1) return "incomplete";
  const head = { code: bytes[1]!, user: bytes.toString("utf8", 8, userEnd) };
  const port = bytes.readUInt16BE(2);
  // 0.0.0.x with x not 0 is no address.
  const hasName = bytes.readUInt32BE(4) < 256 && bytes[7] !== 0;
  if (!hasName)
    return { ...head, bytes: userEnd + 1, endpoint: { host: ipText(bytes.subarray(4, 8)), port } };
  const nameEnd = bytes.indexOf(0, userEnd + 1);
  if (nameEnd === -1) return "incomplete";
  return {
    ...head,
    bytes: nameEnd + 1,
    endpoint: { host: bytes.toString("latin1", userEnd + 1, nameEnd), port },
  };
}

export function printSocks4Request({ host, port }: SocksEndpoint, user = ""): Buffer {
  const address = ipBytes(host);
  if (address?.length === 16) throw new TypeError(`SOCKS 4 has no IPv6, so it cannot say ${host}`);
  const head = Buffer.of(4, socksCommands.connect, port >> 8, port & 255);
  const tail = address ? [] : [Buffer.from(`${host}\0`)];
  return Buffer.concat([head, address ?? Buffer.of(0, 0, 0, 1), Buffer.from(`${user}\0`), ...tail]);
}

/** The answer to a request of version 4. */
export function parseSocks4Reply(
  bytes: Buffer,
): { readonly bytes: number; readonly isGranted: boolean } | "incomplete" {
  return bytes.length < 8 ? "incomplete" : { bytes: 8, isGranted: bytes[1] === 0x5a };
}

export function printSocks4Reply(isGranted: boolean): Buffer {
  return Buffer.of(0, isGranted ? 0x5a : 0x5b, 0, 0, 0, 0, 0, 0);
}

const nowhere: SocksEndpoint = { host: "0.0.0.0", port: 0 };
const addressTypes = { ipv4: 1, name: 3, ipv6: 4 } as const;

function readEndpoint(
  bytes: Buffer,
  from: number,
): { readonly end: number; readonly endpoint: SocksEndpoint } | "incomplete" | "unknown type" {
  const type = bytes[from];
  const begin = type === addressTypes.name ? from + 2 : from + 1;
  const size =
    type === addressTypes.ipv4
      ? 4
      : type === addressTypes.ipv6
        ? 16
        : type === addressTypes.name
          ? bytes[from + 1]
          : -1;
  if (size === undefined) return "incomplete";
  if (size === -1) return "unknown type";
  const end = begin + size;
  if (bytes.length < end + 2) return "incomplete";
  const host = bytes.subarray(begin, end);
  return {
    end: end + 2,
    endpoint: {
      host: type === addressTypes.name ? host.toString("latin1") : ipText(host),
      port: bytes.readUInt16BE(end),
    },
  };
}

function printEndpoint({ host, port }: SocksEndpoint): Buffer {
  const version = isIP(host);
  const address = ipBytes(host) ?? counted(host, "name");
  const type = version === 4 ? addressTypes.ipv4 : version === 6 ? addressTypes.ipv6 : addressTypes.name;
  return Buffer.concat([Buffer.of(type), address, Buffer.of(port >> 8, port & 255)]);
}

function counted(text: string, what: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 255)
    throw new TypeError(`a ${what} of SOCKS has at most 255 bytes, this one ${bytes.length}`);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

import { randomBytes } from "node:crypto";
import { isIP, type Socket } from "node:net";
import { ByteReader } from "../../wire/byte-reader.ts";
import { dialSocket } from "../../wire/dial.ts";
import { WireError } from "../../wire/errors.ts";
import { listMembers } from "../../wire/http-fields.ts";
import { findHeadEnd, parseResponseHead, type ResponseHead } from "../../wire/http-head.ts";
import { beginTls } from "../../wire/tls-upgrade.ts";
import { acceptKey } from "../../wire/websocket.ts";
import { agreedDeflate, type DeflateAgreement, deflateOffer } from "../../wire/websocket-extension.ts";
import type { ResolvedWebSocketClientOptions } from "./options.ts";

/** The server does not want us: REPLY_UNEXPECTED, and the status it answered. */
export class HandshakeRefused extends WireError {
  readonly status: number;

  constructor(status: number, message: string) {
    super("REPLY_UNEXPECTED", message);
    this.status = status;
  }
}

/** A socket behind its handshake; what came behind that is still in it. */
export interface Opened {
  readonly socket: Socket;
  readonly subprotocol: string | undefined;
  /** How it is compressed, if it is. */
  readonly agreement: DeflateAgreement | undefined;
}

const bounds = { maxHeadBytes: 65_536, maxFields: 200 };

/**
 * Connect, and ask for the upgrade (RFC 6455 section 4.1).
 * @throws WireError CONNECT_FAILED, TIMED_OUT, TLS_FAILED, CONNECTION_LOST; HandshakeRefused; PROTOCOL_VIOLATION when the
 * server agrees to something else
 */
export async function openWebSocket(url: URL, options: ResolvedWebSocketClientOptions): Promise<Opened> {
  const { connectTimeoutMs } = options;
  const isSecure = url.protocol === "wss:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || (isSecure ? 443 : 80));
  let socket = await dialSocket({ host, port }, connectTimeoutMs);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    socket.destroy();
  }, connectTimeoutMs);
  socket.on("error", () => {});
  try {
    if (isSecure) socket = await secured(socket, host, options);
    return await upgraded(socket, url, options);
  } catch (error) {
    socket.destroy();
    if (isLate) throw new WireError("TIMED_OUT", `${url.host} did not upgrade within ${connectTimeoutMs} ms`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function secured(
  plain: Socket,
  host: string,
  { ca, verifiesCertificate }: ResolvedWebSocketClientOptions,
): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const upgrade = {
      host,
      rejectUnauthorized: verifiesCertificate,
      ALPNProtocols: ["http/1.1"],
      // RFC 6066 section 3: an address is no name.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
    };
    const socket = beginTls(plain, upgrade, {
      secured: () => {
        socket.on("error", () => {});
        resolve(socket);
      },
      failed: (cause) =>
        reject(
          new WireError("TLS_FAILED", `with ${host}: ${cause?.message ?? "the connection ended"}`, { cause }),
        ),
    });
  });
}

async function upgraded(
  socket: Socket,
  url: URL,
  { subprotocols, headers, deflate }: ResolvedWebSocketClientOptions,
): Promise<Opened> {
  const key = randomBytes(16).toString("base64");
  const fields = {
    Host: url.host,
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": key,
    "Sec-WebSocket-Version": "13",
    ...(subprotocols.length > 0 ? { "Sec-WebSocket-Protocol": subprotocols.join(", ") } : {}),
    ...(deflate ? { "Sec-WebSocket-Extensions": deflateOffer(deflate) } : {}),
    ...headers,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join("")}\r\n`);
  const { head } = await new ByteReader(socket).read(headIn, bounds.maxHeadBytes);
  if (head.status !== 101) {
    throw new HandshakeRefused(head.status, `${url.host} did not upgrade: ${head.status} ${head.reason}`);
  }
  const wrong = misfit(head, key, subprotocols);
  const agreement = agreedDeflate(head.fields.get("sec-websocket-extensions"), deflate);
  const violation = (what: string): WireError =>
    new WireError("PROTOCOL_VIOLATION", `${url.host} upgraded, but ${what}`);
  if (wrong !== undefined) throw violation(wrong);
  if (typeof agreement === "string") throw violation(agreement);
  return { socket, subprotocol: head.fields.get("sec-websocket-protocol"), agreement };
}

function headIn(bytes: Buffer): { readonly bytes: number; readonly head: ResponseHead } | "incomplete" {
  const end = findHeadEnd(bytes, 0, bounds);
  if (end === -1) return "incomplete";
  return { bytes: end, head: parseResponseHead(bytes.toString("latin1", 0, end - 4), bounds) };
}

/** What of a 101 is wrong: RFC 6455 section 4.1, the six checks at its end. */
function misfit({ fields }: ResponseHead, key: string, subprotocols: readonly string[]): string | undefined {
  if (fields.get("upgrade")?.toLowerCase() !== "websocket") return "not to websocket";
  if (!listMembers(fields.get("connection")).includes("upgrade")) return "without Connection: Upgrade";
  if (fields.get("sec-websocket-accept") !== acceptKey(key)) return "with a wrong Sec-WebSocket-Accept";
  const chosen = fields.get("sec-websocket-protocol");
  if (chosen !== undefined && !subprotocols.includes(chosen))
    return `with a subprotocol not offered: ${chosen}`;
  return undefined;
}

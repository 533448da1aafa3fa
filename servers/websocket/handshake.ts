import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { foreignness } from "../pages/guard.ts";
import { isToken, listMembers } from "../../wire/http-fields.ts";
import { acceptKey } from "../../wire/websocket.ts";
import { acceptDeflate, type AcceptedDeflate } from "../../wire/websocket-extension.ts";
import type { ResolvedWebSocketOptions } from "./options.ts";

/** A handshake that is refused: what is answered instead of 101. */
export interface Refused {
  readonly status: number;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Why a request to become a WebSocket is refused, by RFC 6455 section 4.2.1 and by who may come in.
 * @returns nothing when it may pass
 */
export function refusal(request: IncomingMessage, options: ResolvedWebSocketOptions): Refused | undefined {
  const { headers, method = "", httpVersion, url = "" } = request;
  const header = (name: string): string | undefined => headers[name]?.toString();
  const reason = foreignness(
    { method: "", header: (name) => (name.startsWith("sec-fetch") ? undefined : header(name)) },
    options,
  );
  if (reason !== undefined) return { status: 403, reason };
  if (!listMembers(header("upgrade")).includes("websocket")) {
    return {
      status: 426,
      reason: "There are only WebSockets to upgrade to.",
      headers: { Upgrade: "websocket" },
    };
  }
  if (method !== "GET" || httpVersion !== "1.1") {
    return { status: 400, reason: "A WebSocket is asked for with GET and HTTP/1.1." };
  }
  if (header("sec-websocket-version") !== "13") {
    const versions = { "Sec-WebSocket-Version": "13" };
    return { status: 426, reason: "The version spoken here is 13.", headers: versions };
  }
  if (!/^[A-Za-z0-9+/]{21}[AQgw]==$/.test(header("sec-websocket-key") ?? "")) {
    return { status: 400, reason: "Sec-WebSocket-Key is not 16 bytes in base64." };
  }
  const offered = header("sec-websocket-protocol");
  if (offered !== undefined && !offeredProtocols(offered).every(isToken)) {
    return { status: 400, reason: "Sec-WebSocket-Protocol is no list of tokens." };
  }
  if (options.token !== undefined && !hasToken(options.token, url, header("authorization"))) {
    return { status: 401, reason: "This server asks for a token: ?token=… or Authorization: Bearer …" };
  }
  return undefined;
}

export const malformedExtensions: Refused = {
  status: 400,
  reason: "Sec-WebSocket-Extensions is no list of extensions.",
};

/**
 * The first of the subprotocols offered that is ours too: clients name them in the order of their preference (RFC 6455
 * section 4.1). They are compared to the letter.
 */
export function agreeOn(ours: readonly string[], request: IncomingMessage): string | undefined {
  const offered = offeredProtocols(request.headers["sec-websocket-protocol"] ?? "");
  return offered.find((name) => ours.includes(name));
}

/** What of the client's extensions is agreed upon: one offer of compression, if that was asked for. */
export function agreeOnDeflate(
  request: IncomingMessage,
  { deflate }: ResolvedWebSocketOptions,
): AcceptedDeflate | "malformed" | undefined {
  const offered = request.headers["sec-websocket-extensions"];
  return deflate === false || offered === undefined ? undefined : acceptDeflate(offered, deflate);
}

/** The head of the 101. */
export function acceptance(
  request: IncomingMessage,
  subprotocol: string | undefined,
  extension: string | undefined,
): string {
  return (
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    `Sec-WebSocket-Accept: ${acceptKey(request.headers["sec-websocket-key"] ?? "")}\r\n` +
    (extension === undefined ? "" : `Sec-WebSocket-Extensions: ${extension}\r\n`) +
    `${subprotocol === undefined ? "" : `Sec-WebSocket-Protocol: ${subprotocol}\r\n`}\r\n`
  );
}

/** The whole answer that refuses. */
export function refusalHead({ status, reason, headers = {} }: Refused): string {
  const body = `${reason}\n`;
  const fields = {
    ...headers,
    Connection: "close",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": String(Buffer.byteLength(body)),
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${statusWords[status] ?? "Refused"}\r\n${lines.join("")}\r\n${body}`;
}

const statusWords: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  426: "Upgrade Required",
  429: "Too Many Requests",
  503: "Service Unavailable",
};

const offeredProtocols = (header: string): string[] => header.split(",").map((name) => name.trim());

function hasToken(token: string, url: string, authorization = ""): boolean {
  const asked = new URLSearchParams(url.split("?")[1]).get("token");
  const given = asked ?? /^bearer +(\S+)$/i.exec(authorization)?.[1] ?? "";
  // Digests, so that the time taken tells nothing of the secret.
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

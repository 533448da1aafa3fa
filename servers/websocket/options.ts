import type { KeyedCertificate } from "../../wire/certificate.ts";
import type { FaultRule } from "../../wire/exchange/rule.ts";
import { type DeflateOptions, resolveDeflate } from "../../wire/websocket-extension.ts";
import type { WebSocketLimits } from "../../wire/websocket-owner.ts";

/** The bounds of one WebSocket at a server; a door may have others than its server. */
export interface SocketLimits extends WebSocketLimits {
  /** Messages, pings and pongs that one connection may send each second, and twice that at once; more closes it with 1008. */
  readonly maxMessagesPerSecond: number;
}

/** How every server here listens, and whom it lets in. Every field may be left out. */
export interface WebSocketOptions extends Partial<SocketLimits> {
  /** Address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  /** TCP port; 0 takes a free one. @default 0 */
  readonly port?: number;
  /**
   * Speak TLS from the first byte, so that its addresses are `https:` and `wss:`: with a certificate and its key in PEM,
   * or with `true` one of its own, signed by `server.ca`. @default false
   */
  readonly tls?: boolean | KeyedCertificate;
  /**
   * Let clients in this process trust the server's own certificate. Clients elsewhere are given `server.ca`.
   * @default true
   */
  readonly isTrustedInProcess?: boolean;
  /** Origins of pages that may use this server beside its own: `http://localhost:3000`; `*` for any. @default [] */
  readonly allowedOrigins?: readonly string[];
  /** Host names under which the server may be asked beside localhost and addresses; `*` for any. @default [] */
  readonly hostNames?: readonly string[];
  /**
   * What a WebSocket must bring along, as `?token=` or `Authorization: Bearer`; 401 otherwise. @default none
   */
  readonly token?: string;
  /** Connections at the same time; one more is answered 503. @default 20_000 */
  readonly maxConnections?: number;
  /** The same for one address; one more is answered 429. @default as many as all on loopback, 100 elsewhere */
  readonly maxConnectionsPerAddress?: number;
  /** From the connection to the end of the handshake. @default 5_000 */
  readonly handshakeTimeoutMs?: number;
  /** Largest message heard; a larger one closes the connection with 1009. @default 1_048_576 */
  readonly maxMessageBytes?: number;
  /** @default 1_000 */
  readonly maxMessagesPerSecond?: number;
  /** What may wait for a slow reader before its connection is closed with 1008, or a door does something else. @default 1_048_576 */
  readonly maxBufferedBytes?: number;
  /** Compress messages, for clients that offer permessage-deflate (RFC 7692). @default false */
  readonly deflate?: boolean | DeflateOptions;
  /** Silence after which a ping is sent; 0 sends none. @default 30_000 */
  readonly pingIntervalMs?: number;
  /** How long the answer to it may take. @default 10_000 */
  readonly pongTimeoutMs?: number;
  /** How long the other side may take to answer a close frame, and to end its connection. @default 2_000 */
  readonly closeTimeoutMs?: number;
  /** Transcript entries that are kept; the oldest go first. @default 10_000 */
  readonly maxTranscriptEntries?: number;
  /** Faults: rules, texts of scripts with `(whenever)` blocks, or paths of such. @default [] */
  readonly rules?: readonly (FaultRule | string)[];
  /** Seeds what is random in the rules. @default that of the first script with one, or 0 */
  readonly seed?: number;
}

type Optional = "token" | "seed";

/** The options with everything filled in that has a default. */
export type ResolvedWebSocketOptions = Required<Omit<WebSocketOptions, Optional | "deflate">> &
  Pick<WebSocketOptions, Optional> & { readonly deflate: Required<DeflateOptions> | false };

export const webSocketDefaults: Required<
  Omit<WebSocketOptions, Optional | "deflate" | "maxConnectionsPerAddress">
> = {
  host: "127.0.0.1",
  port: 0,
  tls: false,
  isTrustedInProcess: true,
  allowedOrigins: [],
  hostNames: [],
  maxConnections: 20_000,
  handshakeTimeoutMs: 5_000,
  maxMessageBytes: 1_048_576,
  maxMessagesPerSecond: 1_000,
  maxBufferedBytes: 1_048_576,
  pingIntervalMs: 30_000,
  pongTimeoutMs: 10_000,
  closeTimeoutMs: 2_000,
  maxTranscriptEntries: 10_000,
  rules: [],
};

/**
 * The options merged with the defaults.
 * @throws TypeError for a value that cannot be
 */
export function resolveWebSocketOptions(options: WebSocketOptions): ResolvedWebSocketOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const merged = { ...webSocketDefaults, ...given, deflate: resolveDeflate(options.deflate) };
  const isLoopback = merged.host === "::1" || merged.host === "localhost" || merged.host.startsWith("127.");
  const resolved: ResolvedWebSocketOptions = {
    maxConnectionsPerAddress: isLoopback ? merged.maxConnections : 100,
    ...merged,
  };
  if (resolved.token === "")
    throw new TypeError("token: an empty one is no secret; leave it out to ask for none");
  return resolved;
}

import type { DeflateOptions } from "../../wire/websocket-extension.ts";
import type { WebSocketLimits } from "../../wire/websocket-owner.ts";

/** How to connect to a WebSocket server. Every field may be left out. */
export interface WebSocketClientOptions extends Partial<WebSocketLimits> {
  /** The subprotocols that are offered, the best first. @default [] */
  readonly subprotocols?: readonly string[];
  /** More fields of the handshake, such as `Authorization` or `Origin`. @default {} */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long connecting, TLS and the handshake may take together, in milliseconds. @default 10_000 */
  readonly connectTimeoutMs?: number;
  /** With wss: whom to trust in place of the usual authorities, in PEM. @default the usual ones */
  readonly ca?: string;
  /** With wss: take nobody but the one whom the URL names. @default true */
  readonly verifiesCertificate?: boolean;
  /** Connect anew when the connection is lost, or closed with a code that says "come back". @default false */
  readonly reconnects?: boolean;
  /** The first wait before that; each one after it is twice as long, and a part of it is left to chance. @default 50 */
  readonly retryDelayMs?: number;
  /** The longest wait between two attempts. @default 5_000 */
  readonly maxRetryDelayMs?: number;
  /** Attempts in a row before it is given up. @default Infinity */
  readonly maxRetries?: number;
  /**
   * Called for every connection as soon as it is open, before a message of it is heard: the place to join, or to resume.
   * What has been heard is known exactly in `onMessage`; what waits for `receive` has been heard as well.
   */
  readonly onOpen?: (opening: Opening) => void;
  /**
   * Hears every message in the moment in which it has come, before what is behind it is looked at; it is not kept for
   * `receive` and the iteration then. `send` says something back.
   */
  readonly onMessage?: (message: string | Buffer, send: (message: string | Uint8Array) => void) => void;
  /** Largest message heard; a larger one closes the connection with 1009. @default 16_777_216 */
  readonly maxMessageBytes?: number;
  /** What may wait for a slow server before the connection is closed with 1008. @default 16_777_216 */
  readonly maxBufferedBytes?: number;
  /** Offer to compress messages, with permessage-deflate (RFC 7692). @default false */
  readonly deflate?: boolean | DeflateOptions;
  /** Silence after which a ping is sent; 0 sends none. @default 30_000 */
  readonly pingIntervalMs?: number;
  /** How long the answer to it may take. @default 10_000 */
  readonly pongTimeoutMs?: number;
  /** How long the server may take to answer our close frame, and to end the connection. @default 2_000 */
  readonly closeTimeoutMs?: number;
}

/** A connection that has been opened. */
export interface Opening {
  /** The n-th connection of this client, from 1. */
  readonly connection: number;
  /** The subprotocol that was agreed upon. */
  readonly subprotocol: string | undefined;
  /** Say something. */
  readonly send: (message: string | Uint8Array) => void;
}

type Optional = "ca" | "onOpen" | "onMessage";

/** The options with everything filled in that has a default. */
export type ResolvedWebSocketClientOptions = Required<Omit<WebSocketClientOptions, Optional | "deflate">> &
  Pick<WebSocketClientOptions, Optional> & { readonly deflate: Required<DeflateOptions> | false };

export const webSocketClientDefaults: Required<Omit<WebSocketClientOptions, Optional | "deflate">> = {
  subprotocols: [],
  headers: {},
  connectTimeoutMs: 10_000,
  verifiesCertificate: true,
  reconnects: false,
  retryDelayMs: 50,
  maxRetryDelayMs: 5_000,
  maxRetries: Infinity,
  maxMessageBytes: 16_777_216,
  maxBufferedBytes: 16_777_216,
  pingIntervalMs: 30_000,
  pongTimeoutMs: 10_000,
  closeTimeoutMs: 2_000,
};

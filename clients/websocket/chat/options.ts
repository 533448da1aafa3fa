/** How to join a chat. All but the address and the nick may be left out. */
export interface ChatClientOptions {
  /**
   * `irc://host:port`, `ircs://host:port`, or `ws://host:port/stream` and `wss://…`: the same lines over WebSocket. Of
   * several servers of one chat, the next one is taken when one does not answer.
   */
  readonly url: string | readonly string[];
  readonly nick: string;
  /** Rooms to be in, from the start and after each reconnection. @default [] */
  readonly rooms?: readonly string[];
  /** @default the nick */
  readonly user?: string;
  /** @default the nick */
  readonly realName?: string;
  /** What PASS says. @default nothing */
  readonly password?: string;
  /** With ircs: and wss: whom to trust in place of the usual authorities, in PEM. @default the usual ones */
  readonly ca?: string;
  /** Messages of the past that are asked for when a room is joined for the first time. @default 0 */
  readonly history?: number;
  /** Connect anew when the connection is lost. @default true */
  readonly reconnects?: boolean;
  /** The first wait before that; each one after it is twice as long, and a part of it is left to chance. @default 50 */
  readonly retryDelayMs?: number;
  /** The longest wait between two attempts. @default 5_000 */
  readonly maxRetryDelayMs?: number;
  /** Attempts in a row before it is given up. @default Infinity */
  readonly maxRetries?: number;
  /** How long a connection may take until one is welcome. @default 10_000 */
  readonly connectTimeoutMs?: number;
  /** Silence after which the server is sent a PING. @default 15_000 */
  readonly pingIntervalMs?: number;
  /** How long the answer to it may take before the connection counts as lost. @default 10_000 */
  readonly pongTimeoutMs?: number;
  /** Events that are kept for those who ask later; the oldest go first. @default 10_000 */
  readonly maxEvents?: number;
}

type Optional = "url" | "nick" | "user" | "realName" | "password" | "ca";

/** The options with everything filled in that has a default. */
export type ResolvedChatClientOptions = Required<Omit<ChatClientOptions, Optional>> &
  Omit<Pick<ChatClientOptions, Optional>, "url"> & { readonly url: string };

export const chatClientDefaults: Required<Omit<ChatClientOptions, Optional>> = {
  rooms: [],
  history: 0,
  reconnects: true,
  retryDelayMs: 50,
  maxRetryDelayMs: 5_000,
  maxRetries: Infinity,
  connectTimeoutMs: 10_000,
  pingIntervalMs: 15_000,
  pongTimeoutMs: 10_000,
  maxEvents: 10_000,
};

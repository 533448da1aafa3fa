import type { Bus } from "../../../wire/bus.ts";
import type { KeyedCertificate } from "../../../wire/certificate.ts";
import type { FaultRule } from "../../../wire/exchange/rule.ts";
import { connectionLimitDefaults, type ConnectionLimits } from "../../../wire/limits.ts";

/** How to start a chat. Every field may be left out. */
export interface ChatOptions extends Omit<ConnectionLimits, "idleTimeoutMs"> {
  /** Address to listen on, for all doors. @default "127.0.0.1" */
  readonly host?: string;
  /** Port of IRC over TCP; 0 takes a free one. @default 0 */
  readonly port?: number;
  /** Port of IRC over TLS. @default 0 */
  readonly tlsPort?: number;
  /** Port of the page and of IRC over WebSocket. @default 0 */
  readonly pagePort?: number;
  /** Whose pages may connect by WebSocket, beside the chat's own. @default none */
  readonly allowedOrigins?: readonly string[];
  /** Host names under which the page may be asked for beside localhost and addresses; `*` for any. @default none */
  readonly hostNames?: readonly string[];
  /** What a WebSocket must bring along as `?token=`; the page passes on its own. @default none */
  readonly token?: string;
  /** What the processes of one chat share; who hands it in closes it. @default one of this process */
  readonly bus?: Bus;
  /** What the chat is called: on the bus, where every name is a chat of its own, and to clients. @default "chat" */
  readonly name?: string;
  /** What the server calls itself. @default "chat.test" */
  readonly serverName?: string;
  /** What PASS must say. @default none: nobody has to */
  readonly password?: string;
  /** Message of the day. @default "" */
  readonly motd?: string;
  /** Certificate and key of the server in PEM. @default one of its own, signed by `chat.ca` */
  readonly certificate?: KeyedCertificate;
  /** The page and its WebSockets speak TLS with that certificate too: `https:` and `wss:`. @default false */
  readonly hasSecurePage?: boolean;
  /** Events that are kept of each room; the oldest go first. @default 10_000 */
  readonly maxHistory?: number;
  /** How long a room is kept, with its history, after the last has left it; `Infinity` for ever. @default 86_400_000, a day */
  readonly emptyRoomMs?: number;
  /** Messages that CHATHISTORY gives at once. @default 200 */
  readonly maxHistoryLines?: number;
  /** Rooms that one may be in. @default 50 */
  readonly maxRooms?: number;
  /** Lines of one client each second; more are heard later. @default 100 */
  readonly linesPerSecond?: number;
  /** Lines of one client at once, before `linesPerSecond` counts. @default 500 */
  readonly lineBurst?: number;
  /** What may wait for a client that does not read; more ends its connection. @default 1_048_576 */
  readonly maxUnreadBytes?: number;
  /** Silence after which a client is sent a PING, and again until it is given up. @default 30_000 */
  readonly pingMs?: number;
  /** From the connection to the end of NICK and USER. @default 10_000 */
  readonly registrationTimeoutMs?: number;
  /** After so long the nicks and memberships of a process that was killed are free. @default 15_000 */
  readonly leaseMs?: number;
  /** Messages that are kept for `waitForMessage`; the oldest go first. @default 10_000 */
  readonly maxMessages?: number;
  /** Transcript entries that are kept; the oldest go first. @default 10_000 */
  readonly maxTranscriptEntries?: number;
  /** Faults from the first connection on: typed rules, scripts with `(whenever)` blocks, or paths of `.exchange` files. @default none */
  readonly rules?: readonly (FaultRule | string)[];
  /** Of everything in the rules that happens by chance. @default that of the scripts, or 0 */
  readonly seed?: number;
}

type Optional = "bus" | "token" | "password" | "certificate" | "seed";

/** The options with everything filled in that has a default. */
export type ResolvedChatOptions = Required<Omit<ChatOptions, Optional>> & Pick<ChatOptions, Optional>;

const { idleTimeoutMs: _, ...limits } = connectionLimitDefaults;

export const chatDefaults: Required<Omit<ChatOptions, Optional>> = {
  ...limits,
  host: "127.0.0.1",
  port: 0,
  tlsPort: 0,
  pagePort: 0,
  allowedOrigins: [],
  hostNames: [],
  name: "chat",
  serverName: "chat.test",
  motd: "",
  hasSecurePage: false,
  maxHistory: 10_000,
  emptyRoomMs: 86_400_000,
  maxHistoryLines: 200,
  maxRooms: 50,
  linesPerSecond: 100,
  lineBurst: 500,
  maxUnreadBytes: 1_048_576,
  pingMs: 30_000,
  registrationTimeoutMs: 10_000,
  leaseMs: 15_000,
  maxMessages: 10_000,
  maxTranscriptEntries: 10_000,
  rules: [],
};

/**
 * Fill in the defaults.
 * @throws TypeError for a value that cannot be
 */
export function resolveChatOptions(options: ChatOptions): ResolvedChatOptions {
  const resolved: ResolvedChatOptions = { ...chatDefaults, ...options };
  for (const word of ["name", "serverName"] as const) {
    if (!/^[^\s:,]+$/.test(resolved[word]))
      throw new TypeError(
        `startChat: ${word} must be one word without colon or comma, got "${resolved[word]}"`,
      );
  }
  for (const count of ["linesPerSecond", "lineBurst", "maxHistoryLines", "maxRooms", "leaseMs"] as const) {
    if (!(resolved[count] > 0)) throw new TypeError(`startChat: ${count} must be a number above 0`);
  }
  if (!(resolved.emptyRoomMs > resolved.leaseMs))
    throw new TypeError("startChat: emptyRoomMs must be more than leaseMs, in which rooms are told to stay");
  return resolved;
}

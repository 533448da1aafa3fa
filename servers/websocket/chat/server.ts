import { createSecureContext, type SecureContext } from "node:tls";
import { sharedAuthority, sharedLeaf, trustSharedAuthority } from "../../../wire/certificate.ts";
import type { Clock } from "../../../wire/clock.ts";
import { FaultRules } from "../../../wire/exchange/fault-rules.ts";
import type { Rules } from "../../../wire/exchange/rule.ts";
import type { JournalWait } from "../../../wire/journal.ts";
import type { CloseOptions } from "../../../wire/listener.ts";
import { Recorder, type Transcript } from "../../../wire/transcript.ts";
import { openBus } from "../../store/index.ts";
import type { WebSocketOptions } from "../options.ts";
import { Hub } from "./hub.ts";
import type { ChatMessage, ChatMessageFilter } from "./message.ts";
import { type ChatOptions, resolveChatOptions, type ResolvedChatOptions } from "./options.ts";
import { PageFiles } from "../../pages/page-files.ts";
import { startWebSocket, type WebSocketServer } from "../server.ts";
import { openTcpDoor } from "./tcp-door.ts";
import { waitForMessage } from "./wait.ts";
import { webSocketDoor } from "./websocket-door.ts";

/** The page, with what it is made of beside it. */
const page = new PageFiles(new URL("./page/", import.meta.url));

/** A room, as tests see it. */
export interface ChatRoom {
  readonly name: string;
  readonly topic: string;
  readonly members: readonly { readonly nick: string; readonly isOperator: boolean }[];
}

/** A running chat. */
export interface ChatServer extends AsyncDisposable {
  /** `irc://127.0.0.1:6667` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** `ircs://127.0.0.1:6697`, with TLS from the first byte. */
  readonly tlsUrl: string;
  readonly tlsPort: number;
  /** `http://127.0.0.1:8066`: the page; `https:` with `hasSecurePage`. */
  readonly pageUrl: string;
  readonly pagePort: number;
  /** `ws://127.0.0.1:8066/stream`: the same lines over WebSocket; `wss:` with `hasSecurePage`. */
  readonly streamUrl: string;
  /** The certificate that clients must trust, in PEM. */
  readonly ca: string;
  /** The rooms that somebody on this server is in. */
  readonly rooms: readonly ChatRoom[];
  /** The time of the chat: `chat.clock.advance(60_000)` ends whoever would not answer a PING in a minute. */
  readonly clock: Pick<Clock, "now" | "advance">;
  /** What was said on every TCP connection. */
  readonly transcript: Transcript;
  /** Faults of TCP connections: added, listed and taken out while the chat runs. */
  readonly rules: Rules;
  /** The same two for WebSockets. */
  readonly stream: Pick<WebSocketServer, "transcript" | "rules">;
  /** Connections now, through all doors. */
  readonly connections: number;
  /**
   * The first message that fits, said already or yet to come.
   * @throws WireError TIMED_OUT; its message lists what was said instead
   */
  waitForMessage(filter?: ChatMessageFilter, options?: JournalWait): Promise<ChatMessage>;
  /** Every message from now on, until the chat closes. */
  messages(): AsyncIterableIterator<ChatMessage>;
  /**
   * End the connection of a nick as networks do: with a reset, with a FIN, or by saying and hearing nothing more.
   * @throws TypeError when nobody on this server has that nick
   */
  dropConnection(nick: string, how: "rst" | "fin" | "silence"): void;
  /** Stop accepting, tell everybody, destroy who is still there after `graceMs`. Twice is the same as once. */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Start a chat: IRC over TCP and TLS, the same lines over WebSocket, and a page; on 127.0.0.1 and free ports unless
 * told otherwise. With a bus that several processes share, they are one chat.
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED; TypeError for options that cannot be
 * @example
 * await using chat = await startChat();
 * await using ann = await connectChat({ url: chat.url, nick: "ann", rooms: ["#tea"] });
 * await ann.say("#tea", "hello");
 */
export async function startChat(given: ChatOptions = {}): Promise<ChatServer> {
  const options = resolveChatOptions(given);
  const rules = new FaultRules({ dialect: "line", rules: options.rules, seed: options.seed });
  const recorder = new Recorder("chat", options.maxTranscriptEntries);
  const bus = options.bus ?? openBus();
  const hub = await Hub.open(options, bus).catch(async (error: unknown) => {
    if (!options.bus) await bus.close();
    throw error;
  });
  const house = { hub, recorder, interceptor: rules, secureContext: secureContextOf(options) };
  const started: { close(options?: CloseOptions): Promise<void> }[] = [];
  let closing: Promise<void> | undefined;
  const close = (closeOptions?: CloseOptions): Promise<void> =>
    (closing ??= (async () => {
      await Promise.all(started.map((server) => server.close(closeOptions)));
      await hub.close();
      if (!options.bus) await bus.close();
      recorder.close();
    })());
  const open = async <Server extends (typeof started)[number]>(opening: Promise<Server>): Promise<Server> => {
    try {
      const server = await opening;
      started.push(server);
      return server;
    } catch (error) {
      await close({ graceMs: 0 });
      throw error;
    }
  };
  const tcp = await open(openTcpDoor(house));
  const site = { page, doors: { "/stream": webSocketDoor(hub) } };
  const web = await open(startWebSocket({ "/": site }, webSocketOptionsOf(options)));
  const [plain, secure] = tcp.listeners;
  return {
    url: `irc://${plain!.authority}`,
    host: plain!.host,
    port: plain!.port,
    tlsUrl: `ircs://${secure!.authority}`,
    tlsPort: secure!.port,
    pageUrl: web.url,
    pagePort: web.port,
    streamUrl: `${web.streamUrl}/stream`,
    get ca() {
      return options.certificate?.cert ?? sharedAuthority().certificate;
    },
    get rooms() {
      return hub.rooms.opened
        .filter(({ room }) => room.members.size > 0)
        .map(({ room }) => ({
          name: room.name,
          topic: room.topic?.text ?? "",
          members: [...room.members.values()].map(({ nick, isOperator }) => ({ nick, isOperator })),
        }));
    },
    clock: hub.clock,
    transcript: recorder,
    rules,
    stream: web,
    get connections() {
      return tcp.connections + web.connections.size;
    },
    waitForMessage: (filter, waiting) => waitForMessage(hub, filter, waiting),
    messages: () => hub.messages.iterate(),
    dropConnection: (nick, how) => drop(hub, nick, how),
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

function drop(hub: Hub, nick: string, how: "rst" | "fin" | "silence"): void {
  const session = hub.byNick(nick);
  if (!session) throw new TypeError(`dropConnection: nobody on this server has the nick ${nick}`);
  session.isSilent = how === "silence";
  session.outlet.drop(how);
}

/** The options of the chat that are about its WebSockets. */
function webSocketOptionsOf(options: ResolvedChatOptions): WebSocketOptions {
  const { host, pagePort, allowedOrigins, hostNames, maxConnections, handshakeTimeoutMs } = options;
  const { maxTranscriptEntries, rules, pingMs } = options;
  return {
    host,
    port: pagePort,
    allowedOrigins,
    hostNames,
    maxConnections,
    handshakeTimeoutMs: Math.min(handshakeTimeoutMs, 5_000),
    maxTranscriptEntries,
    rules,
    tls: options.hasSecurePage && (options.certificate ?? true),
    pingIntervalMs: pingMs,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.token === undefined ? {} : { token: options.token }),
  };
}

/** Made when TLS is first spoken. */
function secureContextOf({ certificate }: ResolvedChatOptions): () => SecureContext {
  let context: SecureContext | undefined;
  return () => {
    if (context) return context;
    if (!certificate) trustSharedAuthority();
    const { cert, key } = certificate ?? sharedLeaf();
    context = createSecureContext({ cert, key });
    return context;
  };
}

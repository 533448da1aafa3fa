import type { TLSSocket } from "node:tls";
import { dialSocket } from "../../wire/dial.ts";
import { WireError } from "../../wire/errors.ts";
import { destinationOf, parseTarget } from "../../wire/exchange/target.ts";
import { type Carrier, DatagramCarrier, StreamCarrier } from "./carrier.ts";
import type { SocketOptions } from "./options.ts";
import { secure, type TlsDetails, tlsDetails } from "./secure.ts";
import { askForTls } from "./start-tls.ts";
import { WebSocketCarrier } from "./websocket-carrier.ts";

/** A conversation over any kind of socket. */
export interface SocketConversation extends AsyncDisposable {
  readonly url: string;
  /** Whether what is sent and heard comes in messages: datagrams, WebSocket. A stream of bytes otherwise. */
  readonly hasMessages: boolean;
  readonly tls: TlsDetails | undefined;
  /** What was said to get TLS in mid-stream. */
  readonly preamble: readonly { readonly from: "C" | "S"; readonly text: string }[];
  /** Send bytes, or text as UTF-8; with datagrams and WebSocket one message. */
  send(message: string | Uint8Array): void;
  /** The bytes as they come, or the messages, until the other side has said all it will say. @throws WireError CONNECTION_LOST */
  [Symbol.asyncIterator](): AsyncIterableIterator<Buffer>;
  /** Say that we have said all we will say (FIN, a close frame), and go on hearing. */
  end(): Promise<void>;
  /** RST. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * Connect to `tcp:`, `tls:`, `udp:`, `unix:`, `ws:` or `wss:`; the schemes of protocols (`smtp:`, `ftps:`, `redis:` …)
 * mean their transport and their usual port.
 * @throws WireError CONNECT_FAILED, TIMED_OUT, TLS_FAILED, PROTOCOL_VIOLATION, REPLY_UNEXPECTED; TypeError for a URL that is none
 * @example
 * await using talk = await connectSocket("tcp://127.0.0.1:1025");
 * for await (const bytes of talk) console.log(bytes.toString());
 */
export async function connectSocket(url: string, given: SocketOptions = {}): Promise<SocketConversation> {
  const options = { timeoutMs: 5_000, ...given };
  const target = parseTarget(url);
  if (target.transport === "udp") {
    if (options.startTls) throw new TypeError("connectSocket: there is no TLS over UDP; leave startTls out");
    return conversation(url, await DatagramCarrier.open(target.host, target.port), undefined, []);
  }
  const plain = await dialSocket(destinationOf(target), options.timeoutMs);
  plain.on("error", () => {});
  const preamble = options.startTls ? await askForTls(plain, options.startTls, options.timeoutMs) : [];
  const hasTls = target.hasTls || options.startTls !== undefined;
  const socket = hasTls ? await secure(plain, target.host, options) : plain;
  const carrier = target.isWebSocket
    ? await WebSocketCarrier.open(socket, target.url, options.timeoutMs)
    : new StreamCarrier(socket);
  return conversation(url, carrier, hasTls ? tlsDetails(socket as TLSSocket) : undefined, preamble);
}

/** A conversation on what carries it, for sockets that came in as well. */
export function conversation(
  url: string,
  carrier: Carrier,
  tls: TlsDetails | undefined,
  preamble: SocketConversation["preamble"],
): SocketConversation {
  const heard: Buffer[] = [];
  let end: { readonly error: Error | undefined } | undefined;
  let wake = (): void => {};
  carrier.hear = (bytes) => {
    heard.push(bytes);
    wake();
  };
  carrier.ended = (error) => {
    end ??= { error };
    wake();
  };
  const close = async (): Promise<void> => {
    await carrier.flushed();
    carrier.destroy();
    end ??= { error: undefined };
    wake();
  };
  return {
    url,
    hasMessages: carrier.hasMessages,
    tls,
    preamble,
    send: (message) => carrier.write(Buffer.from(message as Uint8Array), typeof message === "string"),
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const bytes = heard.shift();
        if (bytes) yield bytes;
        else if (end?.error)
          throw new WireError("CONNECTION_LOST", `${url}: ${end.error.message}`, { cause: end.error });
        else if (end) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    end: async () => {
      await carrier.flushed();
      carrier.end();
    },
    reset: () => carrier.reset(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

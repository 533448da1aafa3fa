import { createServer } from "node:http";
import type { Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import { sharedLeaf } from "../../wire/certificate.ts";
import { listenForDatagrams } from "../../wire/datagrams.ts";
import { parseTarget, type Target } from "../../wire/exchange/target.ts";
import { listen, type ListenAddress, type Listener } from "../../wire/listener.ts";
import { acceptKey } from "../../wire/websocket.ts";
import { type Carrier, StreamCarrier } from "./carrier.ts";
import { conversation, type SocketConversation } from "./connect-socket.ts";
import { tlsDetails } from "./secure.ts";
import { WebSocketCarrier } from "./websocket-carrier.ts";

/** Somebody is awaited at an address. */
export interface AwaitedSocket extends AsyncDisposable {
  /** Where, with the port that was taken. */
  readonly url: string;
  /** The conversation with the first who comes; others are turned away. */
  readonly conversation: Promise<SocketConversation>;
  close(): Promise<void>;
}

/**
 * Wait at `tcp:`, `tls:`, `udp:`, `unix:`, `ws:` or `wss:` for one who connects. With TLS we show the certificate of
 * this process.
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED; TypeError for a URL that is none
 */
export async function awaitSocket(url: string): Promise<AwaitedSocket> {
  const target = parseTarget(url);
  const { promise, resolve } = Promise.withResolvers<SocketConversation>();
  const address: ListenAddress =
    target.transport === "unix" ? { path: target.path } : { host: target.host, port: target.port };
  if (target.transport === "udp") {
    const carrier = new AnswerCarrier();
    const listener = await listenForDatagrams(address, (bytes, from) => {
      carrier.send = (answer) => listener.send(answer, from.port, from.address);
      resolve(told);
      carrier.hear(bytes);
    });
    const here = urlOf(target, listener.port);
    const told = conversation(here, carrier, undefined, []);
    return awaited(here, promise, () => listener.close());
  }
  let isTaken = false;
  const listener: Listener = await listen(address, (socket) => {
    socket.on("error", () => {});
    if (isTaken) socket.destroy();
    isTaken = true;
    void welcome(socket, target).then(resolve);
    const destroy = (): void => void socket.destroy();
    return { leave: destroy, destroy };
  });
  return awaited(urlOf(target, listener.port), promise, () => listener.close({ graceMs: 0 }));
}

async function welcome(plain: Socket, target: Target): Promise<SocketConversation> {
  const socket = target.hasTls ? await secured(plain) : plain;
  const carrier: Carrier = target.isWebSocket ? await upgraded(socket) : new StreamCarrier(socket);
  return conversation(
    target.url.href,
    carrier,
    socket instanceof TLSSocket ? tlsDetails(socket) : undefined,
    [],
  );
}

function secured(plain: Socket): Promise<TLSSocket> {
  return new Promise((resolve) => {
    const socket = new TLSSocket(plain, { isServer: true, secureContext: createSecureContext(sharedLeaf()) });
    socket.on("error", () => plain.destroy());
    socket.on("_tlsError", () => plain.destroy());
    socket.once("secure", () => resolve(socket));
  });
}

/** The handshake of RFC 6455 section 4.2, read by node:http. */
function upgraded(socket: Socket): Promise<WebSocketCarrier> {
  return new Promise((resolve) => {
    const http = createServer((_request, response) => {
      response.writeHead(426, { Upgrade: "websocket", Connection: "close" }).end("this is a WebSocket\n");
    });
    http.once("upgrade", (request, stream: Socket, head) => {
      const key = request.headers["sec-websocket-key"] ?? "";
      stream.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptKey(key)}\r\n\r\n`,
      );
      resolve(new WebSocketCarrier(stream, head, false));
    });
    http.emit("connection", socket);
  });
}

/** Datagrams to whoever sent the last one. */
class AnswerCarrier implements Carrier {
  hear = (_bytes: Buffer): void => {};
  ended = (_error?: Error): void => {};
  send = (_bytes: Uint8Array): void => {};
  readonly hasMessages = true;

  write(bytes: Uint8Array): void {
    this.send(bytes);
  }

  flushed(): Promise<void> {
    return Promise.resolve();
  }

  end(): void {}
  reset(): void {}
  destroy(): void {}
}

function urlOf(target: Target, port: number): string {
  return target.transport === "unix"
    ? target.url.href
    : `${target.url.protocol}//${target.url.hostname || "127.0.0.1"}:${port}`;
}

function awaited(
  url: string,
  promise: Promise<SocketConversation>,
  stop: () => Promise<void>,
): AwaitedSocket {
  const close = async (): Promise<void> => await stop();
  return { url, conversation: promise, close, [Symbol.asyncDispose]: close };
}

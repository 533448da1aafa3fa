import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { acceptKey, closePayload, encodeFrame, opcodes } from "../../../wire/websocket-frame.ts";
import { WebSocketReader } from "../../../wire/websocket.ts";
import { guard } from "../guard.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import { notices } from "./notices.ts";

/** A silent client is asked whether it is there, and let go when it does not say so until the next time. */
const pingEveryMs = 25_000;
/** Clients have nothing to tell but pongs and their farewell. */
const maxMessageBytes = 4096;

/** The WebSockets of one dashboard. */
export interface EventSockets {
  /** Somebody asks for one. */
  welcome(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** End what is still open. */
  end(): void;
}

/** The WebSocket `/api/events` (RFC 6455): the same notices as the server-sent events, from now on. */
export function eventSockets(services: Services): EventSockets {
  const sockets = new Set<Duplex>();
  return {
    welcome(request, socket, head) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      const refusal = refusalOf(request, services);
      if (refusal) return refuse(socket, refusal);
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
          `Sec-WebSocket-Accept: ${acceptKey(request.headers["sec-websocket-key"] ?? "")}\r\n\r\n`,
      );
      if (head.length > 0) socket.unshift(head);
      void tell(socket, services);
    },
    end() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function refusalOf(request: IncomingMessage, { settings, closing }: Services): Refusal | undefined {
  const prefix = settings.webroot.replace(/\/+$/, "");
  const path = (request.url ?? "").replace(/\?.*$/s, "").slice(prefix.length);
  const header = (name: string): string | undefined => [request.headers[name] ?? []].flat()[0];
  const refusal = guard({ method: request.method ?? "", path, header }, settings);
  if (refusal) return refusal;
  if (closing.aborted) return new Refusal(503, "the server is closing");
  if (path !== "/api/events" || !request.url?.startsWith(prefix))
    return new Refusal(404, "404 page not found");
  // RFC 6455 section 4.2.1: what a client's opening handshake has to say.
  const isHandshake =
    request.method === "GET" &&
    header("upgrade")?.toLowerCase() === "websocket" &&
    /^[A-Za-z0-9+/]{22}==$/.test(header("sec-websocket-key") ?? "");
  if (!isHandshake) return new Refusal(400, "this is no opening handshake of a WebSocket");
  if (header("sec-websocket-version") !== "13") return new Refusal(426, "only version 13 is spoken here");
  return undefined;
}

function refuse(socket: Duplex, { status, message }: Refusal): void {
  const authenticate = status === 401 ? 'WWW-Authenticate: Basic realm="Portside"\r\n' : "";
  const version = status === 426 ? "Sec-WebSocket-Version: 13\r\n" : "";
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: text/plain; charset=UTF-8\r\n${authenticate}${version}` +
      `Content-Length: ${Buffer.byteLength(message)}\r\n\r\n${message}`,
  );
}

/** Tell one client until it, or the dashboard, goes. */
async function tell(socket: Duplex, services: Services): Promise<void> {
  const gone = new AbortController();
  const signal = AbortSignal.any([services.closing, gone.signal]);
  const stopReading = read(socket);
  socket.once("close", () => gone.abort());
  try {
    for await (const { Type, Data } of notices(services, services.journal.place(), signal)) {
      const frame = encodeFrame(opcodes.text, Buffer.from(JSON.stringify({ Type, Data })));
      // The journal keeps what a slow reader has not taken; nothing piles up here.
      if (!socket.write(frame)) await drained(socket);
    }
    // RFC 6455 section 7.4.1: 1001, the server is going away.
    if (!socket.writableEnded) socket.end(encodeFrame(opcodes.close, closePayload(1001)));
  } catch {
    if (!socket.writableEnded) socket.end(encodeFrame(opcodes.close, closePayload(1011)));
  } finally {
    stopReading();
  }
}

/** Answer pings and the farewell, and ask now and then whether the client is still there. */
function read(socket: Duplex): () => void {
  const reader = new WebSocketReader({ isMasked: true, maxMessageBytes });
  let isThere = true;
  socket.on("data", (bytes: Buffer) => {
    isThere = true;
    for (const event of reader.push(bytes)) {
      if (event.type === "ping") socket.write(encodeFrame(opcodes.pong, event.payload));
      if (event.type === "close") socket.end(encodeFrame(opcodes.close, closePayload(event.code)));
    }
    const { failure } = reader;
    if (failure && !socket.writableEnded)
      socket.end(encodeFrame(opcodes.close, closePayload(failure.closeCode)));
  });
  socket.once("end", () => socket.end());
  const asking = setInterval(() => {
    if (!isThere) socket.destroy();
    else socket.write(encodeFrame(opcodes.ping, Buffer.alloc(0)));
    isThere = false;
  }, pingEveryMs).unref();
  return () => clearInterval(asking);
}

function drained(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off("drain", done);
      socket.off("close", done);
      resolve();
    };
    socket.on("drain", done);
    socket.on("close", done);
  });
}

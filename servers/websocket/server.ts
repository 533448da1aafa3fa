import { getRequestListener } from "@hono/node-server";
import { createServer, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { FaultRules } from "../../wire/exchange/fault-rules.ts";
import type { Rules } from "../../wire/exchange/rule.ts";
import { bind, type CloseOptions, untilClosed } from "../../wire/listener.ts";
import { Recorder, type Transcript } from "../../wire/transcript.ts";
import { Outbox } from "../../wire/websocket-outbox.ts";
import { WebSocketConnection } from "./connection.ts";
import { Crowd } from "./crowd.ts";
import {
  acceptance,
  agreeOn,
  agreeOnDeflate,
  malformedExtensions,
  refusal,
  refusalHead,
  type Refused,
} from "./handshake.ts";
import type { House } from "./house.ts";
import { resolveWebSocketOptions, type WebSocketOptions } from "./options.ts";
import { answerPages } from "./pages.ts";
import { securityOf } from "./secure.ts";
import type { Site } from "./site.ts";
import { Sites } from "./sites.ts";

/** A running WebSocket server: one HTTP port with pages, REST, and doors for WebSockets. */
export interface WebSocketServer extends AsyncDisposable {
  /** `http://127.0.0.1:8067`, without a slash at the end; `https:` with TLS. */
  readonly url: string;
  /** `ws://127.0.0.1:8067`, without a slash at the end; `wss:` with TLS. */
  readonly streamUrl: string;
  readonly host: string;
  readonly port: number;
  /** With TLS: whom clients must trust, in PEM. */
  readonly ca: string | undefined;
  /** Every message that was sent or received. */
  readonly transcript: Transcript;
  /** Faults on what is said; they can be added and taken out at any time. */
  readonly rules: Rules;
  /** Who is connected now. */
  readonly connections: ReadonlySet<WebSocketConnection>;
  /** Serve a site below a path from now on; the result ends that, and lets those who are there stay. */
  add(path: string, site: Site): () => void;
  /** Stop accepting, say goodbye with 1001, destroy who is still there after `graceMs`. Twice is the same as once. */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Start a WebSocket server (RFC 6455) with sites by their paths.
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED; TypeError for options or paths that cannot be
 * @example
 * const echo: Door = {
 *   welcome: (connection) => ({ heard: (message, isText) => connection.send(message, isText) }),
 * };
 * await using server = await startWebSocket({ "/": { doors: { "/echo": echo } } });
 * new WebSocket(`${server.streamUrl}/echo`);
 */
export async function startWebSocket(
  sites: Readonly<Record<string, Site>>,
  given: WebSocketOptions = {},
): Promise<WebSocketServer> {
  const options = resolveWebSocketOptions(given);
  const rules = new FaultRules({ dialect: "message", rules: options.rules, seed: options.seed });
  const recorder = new Recorder("websocket", options.maxTranscriptEntries);
  const house: House = { options, recorder, interceptor: rules, outbox: new Outbox() };
  const security = securityOf(options);
  const places = new Sites(sites);
  const crowd = new Crowd(options.maxConnections, options.maxConnectionsPerAddress);
  const connections = new Set<WebSocketConnection>();
  let count = 0;
  let closing: Promise<void> | undefined;

  const http = createServer(
    // The head of a request has this long from the first moment on; what comes behind it is short.
    {
      headersTimeout: options.handshakeTimeoutMs,
      requestTimeout: options.handshakeTimeoutMs * 6,
      connectionsCheckingInterval: Math.min(Math.max(options.handshakeTimeoutMs / 5, 10), 1_000),
      maxHeaderSize: 16_384,
      // Who asks for h2c is answered as if he had not (RFC 9110 section 7.8).
      shouldUpgradeCallback: ({ headers }) => /websocket/i.test(headers.upgrade ?? ""),
    },
    getRequestListener((request) => answerPages(request, places, options), { overrideGlobalObjects: false }),
  );
  // What still comes of a request is read, or our end would turn into a reset and the answer be lost with it.
  const refuse = (socket: Socket, refused: Refused): void => {
    socket.on("error", () => {});
    socket.end(refusalHead(refused));
    socket.once("end", () => socket.destroySoon());
    socket.setTimeout(options.closeTimeoutMs, () => socket.destroy());
    socket.resume();
  };
  // Who does not fit never gets as far as HTTP.
  const welcomers = http.listeners("connection");
  const welcome = (socket: Socket): void => {
    for (const welcomer of welcomers) welcomer.call(http, socket);
  };
  http.removeAllListeners("connection");
  http.on("connection", (socket: Socket) => {
    const refused = crowd.enter(socket);
    if (!security) {
      if (refused) refuse(socket, refused);
      else welcome(socket);
      // Whom nothing can be said to yet is not told why.
    } else if (refused) socket.destroy();
    else security.secure(socket, welcome);
  });
  http.on("upgrade", (request: IncomingMessage, stream, head: Buffer) => {
    const socket = stream as Socket;
    const url = URL.parse(request.url ?? "", `http://${request.headers.host ?? "localhost"}`);
    const place = url ? places.door(url.pathname) : undefined;
    const refused = closing ? { status: 503, reason: "The server closes." } : refusal(request, options);
    if (refused) return refuse(socket, refused);
    if (!place || !url) return refuse(socket, { status: 404, reason: "There is no WebSocket at this path." });
    const { door, path } = place;
    const subprotocol = agreeOn(door.subprotocols ?? [], request);
    const accepted = agreeOnDeflate(request, options);
    if (accepted === "malformed") return refuse(socket, malformedExtensions);
    socket.write(acceptance(request, subprotocol, accepted?.header));
    socket.setTimeout(0);
    const limits = { ...options, ...door.limits };
    const connection = new WebSocketConnection(socket, ++count, house, limits, accepted?.agreement);
    connections.add(connection);
    socket.once("close", () => connections.delete(connection));
    url.pathname = path;
    connection.begin(() => door.welcome(connection, { url, subprotocol, headers: request.headers }), head);
  });
  // A connection that becomes idle while we close is closed as well: keep-alive would hold it for seconds.
  http.on("request", (_request, response) => {
    response.once("close", () => closing && setImmediate(() => http.closeIdleConnections()));
  });

  const { host, port, authority } = await bind(http, options);
  const { pingIntervalMs, pongTimeoutMs, closeTimeoutMs } = options;
  const shortestMs = Math.min(pingIntervalMs || Infinity, pongTimeoutMs, closeTimeoutMs);
  const clock = setInterval(
    () => {
      const nowMs = performance.now();
      for (const connection of connections) connection.check(nowMs);
    },
    Math.min(Math.max(shortestMs / 4, 10), 1_000),
  );
  clock.unref();

  const close = ({ graceMs = 1_000 }: CloseOptions = {}): Promise<void> =>
    (closing ??= (async () => {
      const ended = new Promise<void>((resolve) => http.close(() => resolve()));
      for (const connection of connections) connection.leave();
      http.closeIdleConnections();
      const deadline = setTimeout(() => {
        for (const socket of crowd.sockets) socket.destroy();
      }, graceMs);
      await ended;
      clearTimeout(deadline);
      clearInterval(clock);
      // The server is closed as soon as it holds no socket; the sockets' own news come a moment later.
      await Promise.all([...crowd.sockets].map(untilClosed));
      recorder.close();
    })());
  return {
    url: `${security ? "https" : "http"}://${authority}`,
    streamUrl: `${security ? "wss" : "ws"}://${authority}`,
    host,
    port,
    ca: security?.ca,
    transcript: recorder,
    rules,
    connections,
    add: (path, site) => places.add(path, site),
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

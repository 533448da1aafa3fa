import type { Echo } from "./echo.ts";
import { httpKept, httpNew, httpsKept, httpsNew } from "./echo/bare/http.ts";
import { tcp, tcpNew } from "./echo/bare/tcp.ts";
import { tls, tlsHybridNew, tlsNew } from "./echo/bare/tls.ts";
import { udp } from "./echo/bare/udp.ts";
import { websocket, websocketNew, websocketTls } from "./echo/bare/websocket.ts";
import type { Push } from "./push.ts";
import { longPoll, polling } from "./push/polling.ts";
import { serverSentEvents } from "./push/server-sent-events.ts";
import { tcpPush, udpPush } from "./push/sockets.ts";
import { websocketPush } from "./push/websocket.ts";

/** One way to ask and be answered. */
export interface Transport {
  readonly title: string;
  readonly echo: Echo;
  /** Whether each message has a connection of its own. */
  readonly opensEach: boolean;
  /**
   * Round trips until the first answer, by the standards: one for TCP's handshake (RFC 9293 section 3.5), one for
   * TLS 1.3's (RFC 8446 section 2), one for the upgrade (RFC 6455 section 1.3), one for the message itself.
   */
  readonly roundTrips: number;
}

/** In the order of the table; the first of them is a line of the comparison that everybody knows. */
export const transports = {
  "tcp-new": { title: "TCP, a connection each", echo: tcpNew, opensEach: true, roundTrips: 2 },
  "tls-new": { title: "TLS, a connection each", echo: tlsNew, opensEach: true, roundTrips: 3 },
  "tls-hybrid": { title: "TLS with ML-KEM, each", echo: tlsHybridNew, opensEach: true, roundTrips: 3 },
  "http-new": { title: "HTTP, a connection each", echo: httpNew, opensEach: true, roundTrips: 2 },
  "https-new": { title: "HTTPS, a connection each", echo: httpsNew, opensEach: true, roundTrips: 3 },
  "http-kept": { title: "HTTP, kept alive", echo: httpKept, opensEach: false, roundTrips: 2 },
  "https-kept": { title: "HTTPS, kept alive", echo: httpsKept, opensEach: false, roundTrips: 3 },
  "ws-new": { title: "WebSocket, one each", echo: websocketNew, opensEach: true, roundTrips: 3 },
  ws: { title: "WebSocket", echo: websocket, opensEach: false, roundTrips: 3 },
  wss: { title: "WebSocket over TLS", echo: websocketTls, opensEach: false, roundTrips: 4 },
  tcp: { title: "TCP, length frames", echo: tcp, opensEach: false, roundTrips: 2 },
  tls: { title: "TLS, length frames", echo: tls, opensEach: false, roundTrips: 3 },
  udp: { title: "UDP", echo: udp, opensEach: false, roundTrips: 1 },
} as const satisfies Readonly<Record<string, Transport>>;

export type TransportName = keyof typeof transports;

/** The one that the others are held against. */
export const reference: TransportName = "ws";

/** The ways in which a server tells a client something. */
export const pushes = {
  "poll-1s": { title: "polling every second", push: polling(1_000) },
  "poll-100ms": { title: "polling every 100 ms", push: polling(100) },
  "long-poll": { title: "long poll", push: longPoll },
  sse: { title: "server-sent events", push: serverSentEvents },
  "ws-push": { title: "WebSocket", push: websocketPush },
  "tcp-push": { title: "TCP, length frames", push: tcpPush },
  "udp-push": { title: "UDP", push: udpPush },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly push: Push }>>;

export type PushName = keyof typeof pushes;

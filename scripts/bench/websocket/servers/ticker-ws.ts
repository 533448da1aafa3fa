import { WebSocketServer, type WebSocket } from "ws";
import { Publisher } from "../../../../servers/websocket/ticker/publisher.ts";
import { combined } from "../../../../servers/websocket/ticker/exchange-dialect.ts";
import { seededMarkets } from "../../../../servers/websocket/ticker/source.ts";
import { resolveSymbols } from "../../../../servers/websocket/ticker/symbols.ts";
import { answerBench } from "../../child.ts";
import { benchSymbols } from "../ticker-market.ts";
import type { StepRequest } from "./ticker.ts";

/* The same market and the same messages, told by npm `ws` as people write it: a loop over those who subscribed. */
const topics = new Map<string, Set<WebSocket>>();
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
server.on("connection", (socket, { url = "" }) => {
  socket.on("error", () => {});
  socket.on("close", () => {
    for (const readers of topics.values()) readers.delete(socket);
  });
  for (const topic of new URL(url, "ws://localhost").searchParams.get("streams")?.split("/") ?? []) {
    const readers = topics.get(topic) ?? new Set();
    topics.set(topic, readers.add(socket));
  }
});

let messages = 0;
const source = seededMarkets(resolveSymbols(benchSymbols), { seed: 1, opensAtMs: 0, ordersPerSecond: 20 });
const publisher = new Publisher(source, {
  hasSubscribers: (topic) => topics.has(topic),
  publish: ({ topic, text }) => {
    messages++;
    const message = combined(topic, text);
    for (const socket of topics.get(topic) ?? []) socket.send(message);
  },
});
publisher.advance(source.advance(0), 0);
server.on("listening", () =>
  answerBench({ port: (server.address() as { readonly port: number }).port }, ({ stepMs }: StepRequest) => {
    const before = messages;
    const toMs = publisher.nowMs + stepMs;
    publisher.advance(source.advance(toMs), toMs);
    return { messages: messages - before };
  }),
);

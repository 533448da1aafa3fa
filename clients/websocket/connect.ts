import { resolveDeflate } from "../../wire/websocket-extension.ts";
import { WebSocketClient } from "./client.ts";
import { type WebSocketClientOptions, webSocketClientDefaults } from "./options.ts";

/**
 * Connect to a WebSocket server (RFC 6455).
 * @param url `ws://127.0.0.1:8066/path` or `wss://…`
 * @throws WireError CONNECT_FAILED, TIMED_OUT, TLS_FAILED, CONNECTION_LOST, PROTOCOL_VIOLATION, and REPLY_UNEXPECTED (a
 * `HandshakeRefused` with its `status`) when the server does not upgrade; TypeError for another URL
 * @example
 * await using client = await connectWebSocket("ws://127.0.0.1:8080/echo", { reconnects: true });
 * client.send("hello");
 * for await (const message of client) console.log(message);
 */
export async function connectWebSocket(
  url: string,
  given: WebSocketClientOptions = {},
): Promise<WebSocketClient> {
  const target = URL.parse(url);
  if (target?.protocol !== "ws:" && target?.protocol !== "wss:") {
    throw new TypeError(`connectWebSocket: ${url} is no ws:// or wss:// URL`);
  }
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const deflate = resolveDeflate(given.deflate);
  const client = new WebSocketClient(target, { ...webSocketClientDefaults, ...options, deflate });
  await client.open();
  return client;
}

export type { WebSocketClient } from "./client.ts";
export { connectWebSocket } from "./connect.ts";
export { HandshakeRefused } from "./handshake.ts";
export type { Opening, WebSocketClientOptions } from "./options.ts";
export { connectGame, type GameClient, type GameClientOptions } from "./game.ts";

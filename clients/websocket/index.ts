export type { WebSocketClient } from "./client.ts";
export { connectWebSocket } from "./connect.ts";
export { HandshakeRefused } from "./handshake.ts";
export type { Opening, WebSocketClientOptions } from "./options.ts";
export { connectGame, type GameClient, type GameClientOptions } from "./game.ts";
export type * from "../../wire/ticker-message.ts";
export { DepthKeeper, type DepthSnapshot, type DepthUpdate } from "./depth-keeper.ts";
export { connectTicker, type KeptBook, type TickerClient, type TickerClientOptions } from "./ticker.ts";
export type { LostMessage, TickerChannel, TickerNews, TickerTrouble } from "./ticker-conversation.ts";

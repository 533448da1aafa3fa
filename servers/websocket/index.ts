export { broadcast } from "./broadcast.ts";
export type { WebSocketConnection } from "./connection.ts";
export { type Frame, frameOf } from "./frame.ts";
export type { SocketLimits, WebSocketOptions } from "./options.ts";
export { startWebSocket } from "./server.ts";
export type { WebSocketServer } from "./server.ts";
export type { Door, Hearer, Site, Visit } from "./site.ts";

export { type AwaitedSocket, awaitSocket } from "./await-socket.ts";
export { connectSocket, type SocketConversation } from "./connect-socket.ts";
export type { SocketOptions } from "./options.ts";
export { type ProbeOptions, probePorts, type ProbeResult } from "./probe.ts";
export type { TlsDetails } from "./secure.ts";

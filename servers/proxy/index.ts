export type { DatagramCounts, DatagramFault } from "./datagram-faults.ts";
export type { ProxyOptions } from "./options.ts";
export type { ProxyProtocol, ProxyRequest, ProxyRequestFilter } from "./request-log.ts";
export { type ProxyServer, startProxy } from "./server.ts";

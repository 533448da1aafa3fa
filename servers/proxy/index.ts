export type { DatagramCounts, DatagramFault } from "./datagram-faults.ts";
export type { TcpForwardOptions, UdpForwardOptions } from "./forward-options.ts";
export type { ProxyOptions } from "./options.ts";
export type { ProxyProtocol, ProxyRequest, ProxyRequestFilter } from "./request-log.ts";
export { type ProxyServer, startProxy } from "./server.ts";
export { startTcpForward, type TcpForward } from "./tcp-forward.ts";
export { startUdpForward, type UdpForward } from "./udp-forward.ts";

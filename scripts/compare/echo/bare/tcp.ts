import { connect, createServer } from "node:net";
import { keptStream, newStreams, type Streams } from "./stream.ts";

const overTcp: Streams = {
  listen: (_place, welcome) => createServer({ noDelay: true }, welcome),
  dialer:
    ({ host, port }) =>
    () => ({ socket: connect({ host, port, noDelay: true }), ready: "connect" }),
};

export const tcp = keptStream(overTcp);
export const tcpNew = newStreams(overTcp);

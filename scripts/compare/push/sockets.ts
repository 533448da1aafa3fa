import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { frameOf, frameReader } from "../echo/bare/length-frames.ts";
import type { Push } from "../push.ts";

/** A frame for each event, on a connection that the client opened. */
export const tcpPush: Push = {
  async serve({ host }) {
    const listeners = new Set<Socket>();
    const server = createServer({ noDelay: true }, (socket) => {
      listeners.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => listeners.delete(socket));
      // Read, or the end of the client would never be seen.
      socket.resume();
    });
    server.listen(0, host);
    await once(server, "listening");
    return {
      port: (server.address() as AddressInfo).port,
      push(event) {
        for (const socket of listeners) socket.write(frameOf(Buffer.from(event)));
      },
    };
  },
  async listen({ host, port }, hear) {
    const socket = connect({ host, port, noDelay: true });
    await once(socket, "connect");
    socket.on(
      "data",
      frameReader((event) => hear(event.toString())),
    );
    return { close: () => socket.destroy() };
  },
};

/** A datagram for each event, to whoever has said that he listens. */
export const udpPush: Push = {
  async serve({ host }) {
    const socket = createSocket("udp4");
    const listeners = new Map<string, { readonly address: string; readonly port: number }>();
    socket.on("message", (_hello, { address, port }) => {
      listeners.set(`${address}:${port}`, { address, port });
      socket.send("welcome", port, address);
    });
    socket.bind(0, host);
    await once(socket, "listening");
    return {
      port: socket.address().port,
      push(event) {
        for (const { address, port } of listeners.values()) socket.send(event, port, address);
      },
    };
  },
  async listen({ host, port }, hear) {
    const socket = createSocket("udp4");
    socket.connect(port, host);
    await once(socket, "connect");
    socket.send("hello");
    await once(socket, "message");
    socket.on("message", (event) => hear(event.toString()));
    return { close: () => socket.close() };
  },
};

import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { accept, upgraded } from "../echo/bare/websocket.ts";
import { frameOf } from "../echo/bare/websocket-frames.ts";
import type { Push } from "../push.ts";

/** A frame for each event, on a WebSocket that the client opened. */
export const websocketPush: Push = {
  async serve({ host }) {
    const listeners = new Set<Socket>();
    const server = http.createServer();
    server.on("upgrade", (request: http.IncomingMessage, socket: Socket) => {
      accept(request, socket);
      listeners.add(socket);
      socket.on("close", () => listeners.delete(socket));
      socket.resume();
    });
    server.listen(0, host);
    await once(server, "listening");
    return {
      port: (server.address() as AddressInfo).port,
      push(event) {
        const frame = frameOf(Buffer.from(event), false);
        for (const socket of listeners) socket.write(frame);
      },
    };
  },
  async listen(address, hear) {
    const socket = await upgraded("http", address, {
      hear: (event) => hear(event.toString()),
      fail() {},
    });
    return { close: () => socket.destroy() };
  },
};

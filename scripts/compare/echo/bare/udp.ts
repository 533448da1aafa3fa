import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { Echo } from "../../echo.ts";
import { Turns } from "./turns.ts";

/** A datagram there and one back. What gets lost stays lost: whoever needs an answer has to ask again. */
export const udp: Echo = {
  async serve({ host }) {
    const socket = createSocket("udp4");
    socket.on("message", (message, { port, address }) => socket.send(message, port, address));
    socket.bind(0, host);
    await once(socket, "listening");
    return { port: socket.address().port, close: () => void socket.close() };
  },
  async connect({ host, port }) {
    const socket = createSocket("udp4");
    socket.connect(port, host);
    await once(socket, "connect");
    const turns = new Turns();
    socket.on("message", (reply) => turns.hear(reply));
    socket.on("error", (error) => turns.fail(error));
    return {
      call(message) {
        socket.send(message);
        return turns.next();
      },
      close: () => socket.close(),
    };
  },
};

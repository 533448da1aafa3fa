import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import type { Address, Echo, Place } from "../../echo.ts";
import { frameOf, frameReader } from "./length-frames.ts";
import { Turns } from "./turns.ts";

/** What TCP and TLS do differently: how one listens, and gets ready to dial. */
export interface Streams {
  readonly listen: (place: Place, welcome: (socket: Socket) => void) => Server;
  /** @returns opens a socket, and names the event that says it can be used */
  readonly dialer: (address: Address) => () => { readonly socket: Socket; readonly ready: string };
}

/** Length-framed messages over one connection. */
export function keptStream({ listen, dialer }: Streams): Echo {
  return {
    serve: (place) => serveStream(listen, place),
    async connect(address) {
      const { socket, ready } = dialer(address)();
      await once(socket, ready);
      const turns = new Turns();
      socket.on(
        "data",
        frameReader((reply) => turns.hear(reply)),
      );
      socket.on("error", (error) => turns.fail(error));
      socket.on("close", () => turns.fail(new Error("the connection is closed")));
      return {
        call(message) {
          socket.write(frameOf(message));
          return turns.next();
        },
        close: () => socket.destroy(),
      };
    },
  };
}

/** The same with a connection for each message. */
export function newStreams({ listen, dialer }: Streams): Echo {
  return {
    serve: (place) => serveStream(listen, place),
    async connect(address) {
      const dial = dialer(address);
      return {
        async call(message) {
          const { socket } = dial();
          const over = once(socket, "close").then(() => {});
          socket.write(frameOf(message));
          const reply = await new Promise<Buffer>((resolve, reject) => {
            socket.on("data", frameReader(resolve));
            socket.on("error", reject);
            socket.on("close", () => reject(new Error("the connection was closed before the reply")));
          });
          socket.end();
          return { reply, over };
        },
        close() {},
      };
    },
  };
}

async function serveStream(listen: Streams["listen"], place: Place): ReturnType<Echo["serve"]> {
  const server = listen(place, (socket) => {
    socket.on(
      "data",
      frameReader((message) => socket.write(frameOf(message))),
    );
    socket.on("error", () => socket.destroy());
  });
  server.listen(0, place.host);
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

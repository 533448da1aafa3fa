import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import type { Address, Echo, Place } from "../../echo.ts";
import { frameOf, frameReader } from "./length-frames.ts";
import { Turns } from "./turns.ts";

/** What TCP and TLS do differently: how one listens and dials. */
export interface Streams {
  readonly listen: (place: Place, welcome: (socket: Socket) => void) => Server;
  /** @returns the socket, and the event that says it can be used */
  readonly dial: (address: Address) => { readonly socket: Socket; readonly ready: string };
}

/** Length-framed messages over one connection. */
export function keptStream({ listen, dial }: Streams): Echo {
  return {
    serve: (place) => serveStream(listen, place),
    async connect(address) {
      const { socket, ready } = dial(address);
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
export function newStreams({ listen, dial }: Streams): Echo {
  return {
    serve: (place) => serveStream(listen, place),
    async connect(address) {
      return {
        async call(message) {
          const { socket } = dial(address);
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

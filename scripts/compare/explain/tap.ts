import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import type { Speaker } from "../../../wire/anatomy.ts";
import type { Channel } from "./recording.ts";

/** A relay between one client and its server that tells every byte that passes, both ways, and both ends. */
export interface Tap extends AsyncDisposable {
  /** Where the client is to dial, in place of the server. */
  readonly port: number;
  /** Resolved when the connection is over on both sides. */
  readonly over: Promise<void>;
}

/** Listen in front of a port of this machine, for one connection. */
export async function openTap(target: number, channel: Channel): Promise<Tap> {
  const over = Promise.withResolvers<void>();
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    server.close();
    const upstream = connect({ host: "127.0.0.1", port: target, allowHalfOpen: true, noDelay: true });
    sockets.push(client, upstream);
    pass(client, upstream, "client", channel);
    pass(upstream, client, "server", channel);
    void Promise.all([gone(client), gone(upstream)]).then(() => over.resolve());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    over: over.promise,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pass(from: Socket, to: Socket, speaker: Speaker, channel: Channel): void {
  from.on("data", (bytes) => {
    channel.heard(speaker, bytes);
    if (to.writable && !to.write(bytes)) {
      from.pause();
      to.once("drain", () => from.resume());
    }
  });
  from.on("end", () => {
    channel.ended(speaker);
    to.end();
  });
  // Whoever resets resets the other as well; the exchange itself says what went wrong.
  from.on("error", () => to.destroy());
}

function gone(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { cuts } from "../../../../wire/anatomy/cuts.ts";
import type { Way } from "../way.ts";

/** After that a datagram is lost. */
const patienceMs = 2_000;

/** A datagram there and one back, without a connection. */
export const udp: Way = {
  title: "UDP",
  about: "A datagram each way. Nobody connects, nobody says goodbye, and nobody would notice a loss.",
  below: "Below: 20 bytes of IP and 8 of UDP (two ports, length, checksum) in front of each datagram.",
  async open() {
    const server = createSocket("udp4");
    server.on("message", (message, { port, address }) => server.send(message, port, address));
    server.bind(0, "127.0.0.1");
    await once(server, "listening");
    return {
      async exchange(message, recording) {
        const channel = recording.channel("datagrams", cuts.udp());
        const client = createSocket("udp4");
        try {
          client.connect(server.address().port, "127.0.0.1");
          await once(client, "connect");
          const bytes = Buffer.from(message);
          const [reply] = await Promise.all([
            answerTo(client),
            sent(client, bytes).then(() => channel.heard("client", bytes)),
          ]);
          channel.heard("server", reply);
          return reply.toString();
        } finally {
          client.close();
        }
      },
      close: () => new Promise((resolve) => server.close(() => resolve())),
    };
  },
};

async function answerTo(client: Socket): Promise<Buffer> {
  const [reply] = (await once(client, "message", { signal: AbortSignal.timeout(patienceMs) })) as [Buffer];
  return reply;
}

function sent(client: Socket, message: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    client.send(message, (error) => (error ? reject(error) : resolve()));
  });
}

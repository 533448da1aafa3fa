import { awaitSocket, connectSocket, type SocketConversation } from "../../../../clients/socket/index.ts";
import { atOnce, type Echo } from "../../echo.ts";
import { frameOf, frameReader } from "../bare/length-frames.ts";

/** The echo over whatever the network tool speaks, for one client; a stream needs frames, messages do not. */
export function echoOver(scheme: "tcp" | "tls" | "udp" | "ws"): Echo {
  return {
    async serve({ host }) {
      const awaited = await awaitSocket(`${scheme}://${host}:0`);
      void awaited.conversation.then((talk) => hear(talk, (message) => say(talk, message)));
      return { port: Number(new URL(awaited.url).port), close: () => void awaited.close() };
    },
    async connect({ host, port }) {
      const talk = await connectSocket(`${scheme}://${host}:${port}`, { trustsAnybody: true });
      const waiting: ((reply: Buffer) => void)[] = [];
      void hear(talk, (reply) => waiting.shift()?.(reply));
      return {
        async call(message) {
          const reply = new Promise<Buffer>((resolve) => waiting.push(resolve));
          say(talk, message);
          return { reply: await reply, over: atOnce };
        },
        close: () => void talk.end(),
      };
    },
  };
}

function say(talk: SocketConversation, message: Buffer): void {
  talk.send(talk.hasMessages ? message : frameOf(message));
}

async function hear(talk: SocketConversation, take: (message: Buffer) => void): Promise<void> {
  const read = talk.hasMessages ? take : frameReader(take);
  for await (const bytes of talk) read(bytes);
}

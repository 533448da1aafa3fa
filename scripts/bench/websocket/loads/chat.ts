import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { answerBench } from "../../child.ts";

/** Say so many messages, `burst` in one write, until everybody has heard all. */
export interface ChatRequest {
  readonly messages: number;
  readonly burst: number;
}

/* One who says and others who hear, shared out to all servers; what is heard is counted, not read. */
const receivers = Number(process.argv[2]);
const ports = process.argv.slice(3).map(Number);

const sockets: Socket[] = [];
for (let index = 0; index <= receivers; index += 1) sockets.push(await enter(index));
const [sender, ...others] = sockets as [Socket, ...Socket[]];

/** Lines that have come to those who hear. */
let heard = 0;
let progressed = (): void => {};
for (const socket of others) {
  socket.on("data", (bytes: Buffer) => {
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) heard += 1;
    progressed();
  });
}
sender.resume();

answerBench({}, async ({ messages, burst }: ChatRequest) => {
  const lines = `PRIVMSG #bench :${"x".repeat(64)}\r\n`.repeat(burst);
  const begin = performance.now();
  const start = heard;
  await new Promise<void>((resolve) => {
    let written = 0;
    progressed = (): void => {
      // Two bursts are under way: the next leaves when the one before the last has come to everybody.
      while (written < messages && heard - start >= (written - burst) * receivers) {
        sender.write(lines);
        written += burst;
      }
      if (heard - start >= messages * receivers) resolve();
    };
    progressed();
  });
  return { seconds: (performance.now() - begin) / 1_000 };
});

/** Come in, and into the room; what is said about that has been read when it resolves. */
async function enter(index: number): Promise<Socket> {
  const socket = connect({ port: ports[index % ports.length]!, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  socket.write(`NICK n${index}\r\nUSER n 0 * :n\r\nJOIN #bench\r\n`);
  let text = "";
  while (!text.includes(" 366 ")) text += String((await once(socket, "data"))[0]);
  return socket;
}

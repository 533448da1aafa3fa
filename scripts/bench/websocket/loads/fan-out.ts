import type { Socket } from "node:net";
import { answerBench } from "../../child.ts";
import { type Dialect, maskedText, openRaw } from "./raw-client.ts";

/** Say so many messages, `burst` in one write and at most so many under way, until everybody has heard all. */
export interface FanOutRequest {
  readonly messages: number;
  readonly burst: number;
}

/* One who says and 499 who hear, as cheap as can be: bytes are counted, not read. */
const [port, dialect] = [Number(process.argv[2]), process.argv[3] as Dialect];
const receivers = 500;
const text = "x".repeat(128);
const said = dialect === "plain" ? text : `42["m","${text}"]`;
/** A server's frame of this length: four bytes, and what it says. */
const frameBytes = 4 + said.length;

const sockets: Socket[] = [];
while (sockets.length < receivers) {
  const crowd = Math.min(50, receivers - sockets.length);
  sockets.push(...(await Promise.all(Array.from({ length: crowd }, () => openRaw(port, "/room", dialect)))));
}
const [sender] = sockets as [Socket, ...Socket[]];

/** Bytes of messages that all have heard, and what is done when another one has come to the sender. */
let total = 0;
let ownBytes = 0;
let progressed = (): void => {};
for (const socket of sockets) {
  const isSender = socket === sender;
  socket.on("data", (bytes: Buffer) => {
    total += bytes.length;
    if (isSender) ownBytes += bytes.length;
    progressed();
  });
}

answerBench({}, async ({ messages, burst }: FanOutRequest) => {
  const frames = Buffer.concat(Array.from({ length: burst }, () => maskedText(said)));
  const begin = performance.now();
  await new Promise<void>((resolve) => {
    const goal = total + messages * receivers * frameBytes;
    const before = ownBytes;
    let written = 0;
    progressed = (): void => {
      // A burst leaves when the one before it has come to everybody; single messages keep eight under way.
      const back = burst > 1 ? Infinity : Math.floor((ownBytes - before) / frameBytes);
      if (burst > 1) {
        if (written < messages && total >= goal - (messages - written) * receivers * frameBytes) {
          sender.write(frames);
          written += burst;
        }
      } else for (; written < messages && written - back < 8; written += 1) sender.write(frames);
      if (total >= goal) resolve();
    };
    progressed();
  });
  return { seconds: (performance.now() - begin) / 1_000 };
});

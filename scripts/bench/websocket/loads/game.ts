import { setTimeout as wait } from "node:timers/promises";
import type { Socket } from "node:net";
import { answerBench } from "../../child.ts";
import { maskedText, openRaw } from "./raw-client.ts";

/** Let so many milliseconds pass while everybody plays. */
export interface GameRequest {
  readonly playMs: number;
}

/** What all together heard in that time. */
export interface GameAnswer {
  readonly seconds: number;
  readonly bytes: number;
}

/* Two players in each of 100 rooms, who steer ten times a second; what they hear is counted, not read. */
const port = Number(process.argv[2]);
const rooms = 100;
const steerEveryMs = 100;

let bytes = 0;
const players: Socket[] = [];
for (let room = 0; room < rooms; room += 1) {
  for (const name of ["Ada", "Bob"]) {
    const socket = await openRaw(port, "/stream", "plain");
    socket.on("data", (chunk: Buffer) => (bytes += chunk.length));
    socket.write(maskedText(JSON.stringify({ type: "join", room: `Room ${room}`, name, form: "binary" })));
    players.push(socket);
  }
}

answerBench({}, async ({ playMs }: GameRequest): Promise<GameAnswer> => {
  const [begin, before] = [performance.now(), bytes];
  let seq = 0;
  while (performance.now() - begin < playMs) {
    seq += 1;
    const direction = (seq % 3) - 1;
    const input = maskedText(JSON.stringify({ type: "input", seq: firstSeq + seq, tick: tick(), direction }));
    for (const socket of players) socket.write(input);
    await wait(steerEveryMs);
  }
  firstSeq += seq;
  return { seconds: (performance.now() - begin) / 1_000, bytes: bytes - before };
});

let firstSeq = 0;
const bornMs = performance.now();

/** About the tick of the rooms: they were opened one after the other, so a little ahead of the youngest. */
function tick(): number {
  return Math.round(((performance.now() - bornMs) * 60) / 1_000) + 15;
}

import type { Socket } from "node:net";
import { answerBench } from "../../child.ts";
import { benchSymbols } from "../ticker-market.ts";
import { openRaw } from "./raw-client.ts";

/** `expect` so many messages more at every subscriber; `begin` a measurement, and say how it was with `end`. */
export type SubscriberRequest =
  | { readonly expect: number }
  | { readonly begin: true }
  | { readonly end: true };

/** What `end` answers: how long a message took to come to a subscriber, from when the market was asked to go on. */
export interface SubscriberTimes {
  readonly p99Ms: number;
}

/*
 * 500 who subscribed to the same, and if asked for one who does not read. One of the 500 counts frames; of the others,
 * who are sent the same bytes, only bytes are counted.
 */
const [port, kinds = "", slow] = [Number(process.argv[2]), process.argv[3], process.argv[4]];
const subscribers = 500;
const streamsOf = (wanted: readonly string[]): string =>
  benchSymbols.flatMap((symbol) => wanted.map((kind) => `${symbol.toLowerCase()}@${kind}`)).join("/");
const open = (wanted: readonly string[]): Promise<Socket> =>
  openRaw(port, `/stream?streams=${streamsOf(wanted)}`);

const sockets: Socket[] = [];
while (sockets.length < subscribers) {
  const crowd = Math.min(50, subscribers - sockets.length);
  sockets.push(...(await Promise.all(Array.from({ length: crowd }, () => open(kinds.split(","))))));
}
if (slow === "slow") (await open(["bookTicker"])).pause();

const bytes = new Float64Array(subscribers);
const lastMs = new Float64Array(subscribers);
let frames = 0;
let expected = 0;
let total = 0;
let progressed = (): void => {};
/** Where the next frame of the first subscriber begins, counted from its next byte; and a header that is cut. */
let skip = 0;
let header = Buffer.alloc(0);

for (const [index, socket] of sockets.entries()) {
  socket.on("data", (chunk: Buffer) => {
    bytes[index]! += chunk.length;
    total += chunk.length;
    lastMs[index] = performance.now();
    if (index === 0) countFrames(chunk);
    progressed();
  });
}

function countFrames(chunk: Buffer): void {
  let at = Math.min(skip, chunk.length);
  skip -= at;
  while (skip === 0 && at < chunk.length) {
    header = Buffer.concat([header, chunk.subarray(at, at + 1)]);
    at += 1;
    const short = header[1] ?? 0;
    if (header.length < (short === 126 ? 4 : 2)) continue;
    frames += 1;
    skip = short === 126 ? header.readUInt16BE(2) : short;
    header = Buffer.alloc(0);
    const taken = Math.min(skip, chunk.length - at);
    at += taken;
    skip -= taken;
  }
}

let samples: number[] = [];
let askedMs = 0;

answerBench({}, async (request: SubscriberRequest) => {
  if ("begin" in request) {
    samples = [];
    askedMs = performance.now();
    return {};
  }
  if ("end" in request) {
    samples.sort((one, other) => one - other);
    return { p99Ms: samples[Math.floor(samples.length * 0.99)] ?? 0 } satisfies SubscriberTimes;
  }
  expected += request.expect;
  await new Promise<void>((resolve) => {
    progressed = (): void => {
      if (frames >= expected && skip === 0 && total === bytes[0]! * subscribers) resolve();
    };
    progressed();
  });
  progressed = (): void => {};
  if (request.expect > 0) for (const ms of lastMs) samples.push(ms - askedMs);
  askedMs = performance.now();
  return {};
});

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { encodeCommand } from "../../../../wire/resp.ts";
import { answerBench } from "../../child.ts";

/*
 * One who says, and some who hear: over a channel, or a stream that they read with XREAD BLOCK. All messages, and so
 * all their replies, are equally long: what has come is counted in bytes, which costs the load nearly nothing.
 */

/** What to do; the answer is `DeliveryAnswer`. */
export interface DeliveryRequest {
  readonly port: number;
  readonly how: "channel" | "stream" | "wake";
  /** Messages that are delivered, to all hearers together. */
  readonly count: number;
}

export interface DeliveryAnswer {
  readonly seconds: number;
  /** From sending to hearing, in milliseconds, sorted; for `wake` only. */
  readonly waitsMs: readonly number[];
}

const hearers = 4;
/** Messages under way at most: the server always has work, and nobody's buffers grow. */
const window = 400;
const message = "m".repeat(64);
const large = "m".repeat(2_048);
/** All ids are equally long. */
const firstSequence = 1_000_000;

answerBench({}, async ({ port, how, count }: DeliveryRequest): Promise<DeliveryAnswer> => {
  if (how === "wake") return await wake(port, count);
  const each = Math.ceil(count / hearers);
  const speaker = await open(port);
  const hearing = how === "channel" ? hearChannel : hearStream;
  await said(speaker, ["DEL", "stream"]);
  const pace = new Pace();
  const all = await Promise.all(Array.from({ length: hearers }, () => hearing(port, each, pace)));
  const begin = performance.now();
  speaker.resume();
  for (let sent = 0; sent < each;) {
    await pace.room(sent - window);
    let text = "";
    for (const end = Math.min(sent + window / 4, each); sent < end; sent++) {
      text += encodeCommand(
        how === "channel"
          ? ["PUBLISH", "news", message]
          : ["XADD", "stream", `1-${firstSequence + sent + 1}`, "m", message],
      );
    }
    speaker.write(text, "latin1");
  }
  await Promise.all(all.map(({ done }) => done));
  const seconds = (performance.now() - begin) / 1_000;
  for (const { socket } of all) socket.destroy();
  speaker.destroy();
  return { seconds, waitsMs: [] };
});

interface Hearer {
  readonly socket: Socket;
  readonly done: Promise<void>;
}

/** Who says no more than those who hear can take. */
class Pace {
  readonly #heard: (() => number)[] = [];
  #wake = (): void => {};

  add(heard: () => number): void {
    this.#heard.push(heard);
  }

  moved(): void {
    this.#wake();
  }

  async room(sent: number): Promise<void> {
    while (this.#heard.some((heard) => heard() < sent))
      await new Promise<void>((done) => (this.#wake = done));
  }
}

async function hearChannel(port: number, count: number, pace: Pace): Promise<Hearer> {
  const socket = await open(port);
  await said(socket, ["SUBSCRIBE", "news"]);
  const length = encodeCommand(["message", "news", message]).length;
  let bytes = 0;
  pace.add(() => bytes / length);
  const done = new Promise<void>((resolve) => {
    socket.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      pace.moved();
      if (bytes >= count * length) resolve();
    });
    socket.resume();
  });
  return { socket, done };
}

async function hearStream(port: number, count: number, pace: Pace): Promise<Hearer> {
  const socket = await open(port);
  const entry = `*2\r\n$9\r\n1-${firstSequence}\r\n${encodeCommand(["m", message])}`.length;
  let heard = 0;
  /** Bytes of the reply under way that are still to come; its head is in the first bytes. */
  let missing = 0;
  const ask = (): void =>
    void socket.write(
      encodeCommand([
        "XREAD",
        "COUNT",
        "1000",
        "BLOCK",
        "0",
        "STREAMS",
        "stream",
        `1-${firstSequence + heard}`,
      ]),
    );
  pace.add(() => heard);
  const done = new Promise<void>((resolve) => {
    socket.on("data", (chunk: Buffer) => {
      if (missing === 0) {
        const head = /^\*1\r\n\*2\r\n\$6\r\nstream\r\n\*(\d+)\r\n/.exec(chunk.toString("latin1", 0, 64));
        if (!head) throw new Error(`no reply to XREAD: ${chunk.toString("latin1", 0, 64)}`);
        missing = head[0].length + Number(head[1]) * entry;
        heard += Number(head[1]);
      }
      missing -= chunk.length;
      if (missing > 0) return;
      pace.moved();
      if (heard >= count) resolve();
      else ask();
    });
  });
  ask();
  return { socket, done };
}

/** One who waits, and how long after it was said each message of 2 KB is there. */
async function wake(port: number, count: number): Promise<DeliveryAnswer> {
  const [speaker, hearer] = await Promise.all([open(port), open(port)]);
  await said(speaker, ["DEL", "inbox"]);
  const waitsMs: number[] = [];
  const begin = performance.now();
  for (let sequence = 1; sequence <= count; sequence++) {
    hearer.write(encodeCommand(["XREAD", "BLOCK", "0", "STREAMS", "inbox", `1-${sequence - 1}`]));
    // What was sent earlier was read earlier: the reader waits by now.
    await said(speaker, ["PING"]);
    const heard = whole(hearer, large.length);
    const sentMs = performance.now();
    speaker.write(encodeCommand(["XADD", "inbox", "MAXLEN", "10", `1-${sequence}`, "m", large]));
    await heard;
    waitsMs.push(performance.now() - sentMs);
    await said(speaker, ["PING"]);
  }
  const seconds = (performance.now() - begin) / 1_000;
  speaker.destroy();
  hearer.destroy();
  return { seconds, waitsMs: waitsMs.toSorted((a, b) => a - b) };
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
}

/** Say a command, and wait for some reply. */
async function said(socket: Socket, words: readonly string[]): Promise<void> {
  socket.write(encodeCommand(words));
  await once(socket.resume(), "data");
  socket.pause();
}

/** So many bytes at least. */
async function whole(socket: Socket, length: number): Promise<void> {
  for (let bytes = 0; bytes < length;) {
    const [chunk] = (await once(socket.resume(), "data")) as [Buffer];
    bytes += chunk.length;
  }
}

import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { startStore } from "../../servers/store/index.ts";
import { encodeCommand } from "../../wire/resp.ts";

/** The same numbers for the same seed (a linear congruential generator). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Send a long pipeline cut anywhere, read it now and then, and see that all of it was answered, in order. */
async function converse(port: number, seed: number, lengths: readonly number[]): Promise<void> {
  const any = numbers(seed);
  const asked = Array.from({ length: 400 }, (_, n) => ({ n, key: any(lengths.length) }));
  const commands = asked.flatMap(({ n, key }) => [
    ["ECHO", `turn ${n}`],
    ["GET", `v${key}`],
  ]);
  const bytes = Buffer.from(commands.map(encodeCommand).join(""), "latin1");
  const expected = asked
    .map(({ n, key }) => {
      const length = lengths[key]!;
      return `$${`turn ${n}`.length}\r\nturn ${n}\r\n$${length}\r\n${String(key).repeat(length)}\r\n`;
    })
    .join("");

  const socket = connect({ port, host: "127.0.0.1" });
  await once(socket, "connect");
  const chunks: Buffer[] = [];
  let length = 0;
  const isAnswered = new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= expected.length) resolve();
      // A reader that is busy for a moment: what the store says meanwhile has to wait.
      if (any(4) > 0) return;
      socket.pause();
      setTimeout(() => socket.resume(), any(4));
    });
  });
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + any(any(3) === 0 ? 20 : 3_000);
    if (!socket.write(bytes.subarray(at, end))) await once(socket, "drain");
    else if (any(8) === 0) await new Promise(setImmediate);
    at = end;
  }
  await isAnswered;
  expect(Buffer.concat(chunks).toString("latin1") === expected).toBe(true);
  socket.destroy();
}

test("a pipeline cut anywhere, whose reader pauses, is answered whole and in order", async () => {
  await using store = await startStore();
  const lengths = [0, 1, 63, 700, 16_384, 65_536, 200_000, 5, 9_000, 30];
  const setter = connect({ port: store.port, host: "127.0.0.1" });
  for (const [key, length] of lengths.entries())
    setter.write(encodeCommand(["SET", `v${key}`, String(key).repeat(length)]), "latin1");
  await once(setter, "data");
  setter.end("PING\r\n");
  await once(setter.resume(), "end");
  await Promise.all(Array.from({ length: 12 }, (_, seed) => converse(store.port, seed + 1, lengths)));
}, 60_000);

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { startWebSocket } from "portside/servers/websocket";
import { connectWebSocket } from "portside/clients/websocket";
import { encodeFrame, opcodes } from "../../wire/websocket.ts";
import { echo, peer, wsServer } from "./peer.ts";
import { rawSocket } from "./raw-socket.ts";

const limits = { maxMessageBytes: 32 * 1024 * 1024, maxMessagesPerSecond: Infinity };
const mebibyte = 1024 * 1024;

describe("large messages to startWebSocket()", () => {
  test.each([1, 4, 16])("%i MiB, text and bytes", async (size) => {
    await using server = await startWebSocket({ "/": { doors: { "/echo": echo } } }, limits);
    await using client = await peer(`${server.streamUrl}/echo`);
    const bytes = randomBytes(size * mebibyte);
    const text = "ä€😀x".repeat(Math.floor((size * mebibyte) / 10));
    client.send(bytes);
    client.send(text);
    expect(bytes.equals((await client.next()) as Buffer)).toBe(true);
    expect((await client.next()) === text).toBe(true);
  });

  test.each([64, 256, 1_024, 4_096, 16_384, 65_536, 262_144])(
    "4 MiB in fragments of %i bytes, a text cut inside of characters",
    async (size) => {
      await using server = await startWebSocket({ "/": { doors: { "/echo": echo } } }, limits);
      using socket = await rawSocket(server.port, "/echo");
      const payload = Buffer.from("€".repeat(Math.floor((4 * mebibyte) / 3)));
      const mask = randomBytes(4);
      const frames: Buffer[] = [];
      for (let at = 0; at < payload.length; at += size) {
        const isFinal = at + size >= payload.length;
        const opcode = at === 0 ? opcodes.text : opcodes.continuation;
        frames.push(encodeFrame(opcode, payload.subarray(at, at + size), { isFinal, mask }));
      }
      socket.write(Buffer.concat(frames));
      const expected = encodeFrame(opcodes.text, payload);
      expect(expected.equals(await socket.read(expected.length))).toBe(true);
    },
  );

  test.each([64, 1_000, 4_097])("1 MiB in one frame, written %i bytes at a time", async (size) => {
    await using server = await startWebSocket({ "/": { doors: { "/echo": echo } } }, limits);
    using socket = await rawSocket(server.port, "/echo");
    const payload = randomBytes(mebibyte);
    const frame = encodeFrame(opcodes.binary, payload, { mask: randomBytes(4) });
    const reading = socket.read(payload.length + 10);
    for (let at = 0; at < frame.length; at += size) {
      if (!socket.write(frame.subarray(at, at + size))) await once(socket.socket, "drain");
    }
    expect(encodeFrame(opcodes.binary, payload).equals(await reading)).toBe(true);
  });

  test("a thousand round trips of every small size", async () => {
    await using server = await startWebSocket({ "/": { doors: { "/echo": echo } } }, limits);
    await using client = await peer(`${server.streamUrl}/echo`);
    for (const size of [0, 16, 64, 256, 1_024, 4_096]) {
      const text = "x".repeat(size);
      for (let round = 0; round < 1_000; round += 1) {
        client.send(text);
        expect(await client.next()).toBe(text);
      }
    }
  });
});

test("large messages to connectWebSocket(), in fragments too", async () => {
  const size = 65_536;
  await using server = await wsServer((socket) => {
    socket.on("message", (message: Buffer, isBinary) => {
      for (let at = 0; at < message.length; at += size) {
        const fin = at + size >= message.length;
        socket.send(message.subarray(at, at + size), { binary: isBinary, fin });
      }
    });
  });
  await using client = await connectWebSocket(server.url);
  const text = "ä€😀x".repeat(800_000);
  client.send(text);
  expect((await client.receive()) === text).toBe(true);
});

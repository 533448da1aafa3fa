import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { startStore } from "../../servers/store/index.ts";
import { encodeCommand } from "../../wire/resp.ts";
import { crowdAt, heapBytes } from "../peers/crowd.ts";
import { talkTo } from "./talk.ts";

describe("what is no command ends the connection with a word, and nobody else's", () => {
  test.each([
    ["a count that nobody can mean", "*2000000000\r\n", /invalid multibulk length/],
    ["a length that nobody can mean", "*1\r\n$99999999999999\r\n", /invalid bulk length/],
    ["a negative length", "*1\r\n$-5\r\n", /invalid bulk length/],
    ["something else than a word", "*2\r\n$4\r\nPING\r\n:1\r\n", /expected '\$', got ':'/],
    ["a line without end", "x".repeat(70_000), /too big inline request/],
    ["a count without end", `*${"1".repeat(70_000)}`, /too big mbulk count string|invalid multibulk length/],
    ["a quotation without end", 'SET "a\r\n', /unbalanced quotes/],
  ])("%s", async (_, bytes, complaint) => {
    await using store = await startStore();
    await using other = await talkTo(store);
    await using talk = await talkTo(store);
    talk.send(bytes);
    expect(await talk.rest()).toMatch(complaint);
    expect(await other.say("PING")).toBe("PONG");
  });

  test("an HTTP request, as a web page can send it, changes nothing", async () => {
    await using store = await startStore();
    await using talk = await talkTo(store);
    talk.send("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nSET a 1\r\n");
    expect(await talk.rest()).toBe("");
    await using other = await talkTo(store);
    expect(await other.say("EXISTS", "a")).toBe(0);
  });
});

describe("strangers", () => {
  test("may say little before AUTH, and do nothing", async () => {
    await using store = await startStore({ password: "sesame" });
    await using talk = await talkTo(store);
    expect(await talk.say("SET", "a", "1")).toMatch(/NOAUTH/);
    expect(await talk.say("HELLO", "3")).toMatch(/NOAUTH/);
    expect(await talk.say("AUTH", "wrong")).toMatch(/WRONGPASS/);
    expect(await talk.say("AUTH", "default", "sesame")).toBe("OK");
    expect(await talk.say("SET", "a", "x".repeat(100_000))).toBe("OK");
    for (const bytes of ["*11\r\n", "*2\r\n$20000\r\n"]) {
      await using stranger = await talkTo(store);
      stranger.send(bytes);
      expect(await stranger.rest()).toMatch(/unauthenticated/);
    }
  });

  test("do not get in where they could without a password", async () => {
    await expect(startStore({ host: "0.0.0.0" })).rejects.toThrow(/give a password/);
  });
});

test("a promise of bytes costs nothing until they come", async () => {
  await using store = await startStore();
  const before = process.memoryUsage().rss;
  const sockets: Socket[] = [];
  for (let n = 0; n < 200; n++) {
    const socket = connect(store.port, "127.0.0.1");
    socket.write("*1000000\r\n$500000000\r\nx");
    sockets.push(socket);
  }
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  await using talk = await talkTo(store);
  expect(await talk.say("PING")).toBe("PONG");
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  for (const socket of sockets) socket.destroy();
});

test("a long value arrives in pieces without being copied for each of them", async () => {
  await using store = await startStore();
  await using talk = await talkTo(store);
  const megabytes = 32;
  const begin = performance.now();
  talk.send(`*3\r\n$3\r\nSET\r\n$4\r\nlong\r\n$${megabytes * 1_048_576}\r\n`);
  const piece = "x".repeat(1_048_576);
  for (let n = 0; n < megabytes; n++) talk.send(piece);
  talk.send("\r\n");
  expect((await talk.reply()).type).toBe("simple");
  expect(await talk.say("STRLEN", "long")).toBe(megabytes * 1_048_576);
  // Copying all that is there with each piece of 64 KB would be 8 GB.
  expect(performance.now() - begin).toBeLessThan(3_000);
});

test("a message that trickles is not waited for longer than allowed", async () => {
  await using store = await startStore({ messageTimeoutMs: 60 });
  await using talk = await talkTo(store);
  talk.send("*2\r\n$4\r\nECHO\r\n$40000\r\nabc");
  expect(await talk.rest()).toBe("");
});

test("a subscriber that does not read loses its connection; the publisher and the others do not notice", async () => {
  await using store = await startStore({ maxUnreadBytes: 1_000_000 });
  await using slow = await talkTo(store);
  await using quick = await talkTo(store);
  await using publisher = await talkTo(store);
  await slow.say("SUBSCRIBE", "news");
  await quick.say("SUBSCRIBE", "news");
  slow.socket.pause();
  const message = "x".repeat(100_000);
  let sent = 0;
  while (store.connections === 3 && sent < 500) {
    await publisher.say("PUBLISH", "news", message);
    await quick.reply();
    sent++;
  }
  expect(sent).toBeLessThan(200);
  expect(await publisher.say("PUBLISH", "news", "last")).toBe(1);
  expect(store.transcript.text()).toContain("bytes wait for it to read");
});

test("a client that asks and never reads is not served further, with memory flat", async () => {
  await using store = await startStore();
  await using talk = await talkTo(store);
  await talk.say("SET", "big", "x".repeat(1_000_000));
  talk.socket.pause();
  const before = process.memoryUsage().rss;
  talk.send(encodeCommand(["GET", "big"]).repeat(2_000));
  await using other = await talkTo(store);
  for (let n = 0; n < 50; n++) expect(await other.say("PING")).toBe("PONG");
  expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
});

test("resets in the middle of anything leave nothing behind", async () => {
  await using store = await startStore();
  const parts = [
    "*3\r\n$3\r\nSET",
    "BLPOP a 0\r\n",
    "SUBSCRIBE x\r\n",
    "MULTI\r\nSET a 1\r\n",
    "WATCH a\r\n",
  ];
  for (const part of [...parts, ...parts]) {
    const socket = connect(store.port, "127.0.0.1");
    await once(socket, "connect");
    await new Promise<void>((resolve) => socket.write(part, () => resolve()));
    socket.resetAndDestroy();
  }
  await expect.poll(() => store.connections).toBe(0);
  await using talk = await talkTo(store);
  expect(await talk.say("PUBLISH", "x", "1")).toBe(0);
  expect(await talk.say("INFO", "clients")).toMatch(/connected_clients:1\r\nblocked_clients:0/);
  expect(await talk.say("EXISTS", "a")).toBe(0);
});

test("10,000 idle connections cost little, and others are served", { timeout: 60_000 }, async () => {
  await using store = await startStore();
  const before = heapBytes();
  {
    await using _crowd = await crowdAt(store.port, 10_000);
    await using talk = await talkTo(store);
    expect(await talk.say("PING")).toBe("PONG");
    expect(store.connections).toBeGreaterThanOrEqual(10_000);
    expect((heapBytes() - before) / 10_000).toBeLessThan(8_192);
  }
  while (store.connections > 0) await new Promise((resolve) => setImmediate(resolve));
});

import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import {
  type Door,
  startWebSocket,
  type WebSocketOptions,
  type WebSocketServer,
} from "portside/servers/websocket";
import { closePayload, encodeFrame, opcodes } from "../../wire/websocket.ts";
import { echo, peer } from "./peer.ts";
import { rawSocket } from "./raw-socket.ts";

const mask = Buffer.from([1, 2, 3, 4]);
const said = (text: string): Buffer => encodeFrame(opcodes.text, Buffer.from(text), { mask });
const closeFrame = (code: number, reason = ""): Buffer =>
  encodeFrame(opcodes.close, closePayload(code, reason));

const echoing = (options: WebSocketOptions = {}): Promise<WebSocketServer> =>
  startWebSocket({ "/": { doors: { "/echo": echo } } }, options);

/** The status of the answer to a handshake with these fields. */
async function statusOf(
  server: WebSocketServer,
  fields: Readonly<Record<string, string | undefined>>,
  path = "/echo",
): Promise<number> {
  using socket = await rawSocket(server.port, path, fields);
  return Number(socket.head.split(" ")[1]);
}

describe("a handshake is refused", () => {
  test("from a page of another origin, with 403; programs and own pages come in", async () => {
    await using server = await echoing({ allowedOrigins: ["http://friend.test:3000"] });
    const statuses: Record<string, number> = {};
    for (const origin of [
      server.url,
      `https://127.0.0.1:${server.port}`,
      "http://friend.test:3000",
      "http://friend.test",
      "http://evil.test",
      `http://127.0.0.1:${server.port + 1}`,
      `http://127.0.0.1:${server.port}.evil.test`,
      "null",
      "",
    ])
      statuses[origin.replaceAll(String(server.port), "PORT").replaceAll(String(server.port + 1), "NEXT")] =
        await statusOf(server, { Origin: origin });
    expect(statuses).toEqual({
      "http://127.0.0.1:PORT": 101,
      "https://127.0.0.1:PORT": 101,
      "http://friend.test:3000": 101,
      "http://friend.test": 403,
      "http://evil.test": 403,
      "http://127.0.0.1:NEXT": 403,
      "http://127.0.0.1:PORT.evil.test": 403,
      null: 403,
      "": 403,
    });
    expect(await statusOf(server, {})).toBe(101);
  });

  test("under a name that is not ours, with 403: it may be a rebound one", async () => {
    await using server = await echoing({ hostNames: ["chat.test"] });
    const port = String(server.port);
    expect(await statusOf(server, { Host: `evil.test:${port}` })).toBe(403);
    expect(await statusOf(server, { Host: `evil.test:${port}`, Origin: `http://evil.test:${port}` })).toBe(
      403,
    );
    expect(await statusOf(server, { Host: `chat.test:${port}`, Origin: `http://chat.test:${port}` })).toBe(
      101,
    );
    expect(await statusOf(server, { Host: "localhost" })).toBe(101);
    expect(await statusOf(server, { Host: `[::1]:${port}` })).toBe(101);
  });

  test("without the token, with 401", async () => {
    await using server = await echoing({ token: "sesame/&=" });
    const inUrl = (token: string): string => `/echo?token=${encodeURIComponent(token)}`;
    expect(await statusOf(server, {})).toBe(401);
    expect(await statusOf(server, {}, inUrl("sesame"))).toBe(401);
    expect(await statusOf(server, { Authorization: "Bearer open" })).toBe(401);
    expect(await statusOf(server, { Cookie: "token=sesame/&=" })).toBe(401);
    expect(await statusOf(server, {}, inUrl("sesame/&="))).toBe(101);
    expect(await statusOf(server, { Authorization: "Bearer sesame/&=" })).toBe(101);
    await expect(startWebSocket({}, { token: "" })).rejects.toThrow(TypeError);
  });

  test.each([
    ["no key", { "Sec-WebSocket-Key": undefined }, 400],
    ["a key of another length", { "Sec-WebSocket-Key": "dGhlIHNhbXBsZQ==" }, 400],
    ["a key that is no base64", { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZ!==" }, 400],
    ["another version", { "Sec-WebSocket-Version": "8" }, 426],
    ["no version", { "Sec-WebSocket-Version": undefined }, 426],
    ["subprotocols that are no tokens", { "Sec-WebSocket-Protocol": "a b" }, 400],
    ["an empty subprotocol", { "Sec-WebSocket-Protocol": "a,,b" }, 400],
    ["two keys", { "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" }, 400],
  ])("for %s", async (_, fields, status) => {
    await using server = await echoing();
    expect(await statusOf(server, fields)).toBe(status);
  });

  test("for another method or version of HTTP, with 400, and where no door is, with 404", async () => {
    await using server = await echoing();
    using post = await rawSocket(server.port, "/echo", { "Content-Length": "0" }, "POST /echo HTTP/1.1");
    using old = await rawSocket(server.port, "/echo", {}, "GET /echo HTTP/1.0");
    expect(post.head).toMatch(/^HTTP\/1\.1 400 /);
    expect(old.head).toMatch(/^HTTP\/1\.1 400 /);
    expect(await statusOf(server, {}, "/elsewhere")).toBe(404);
    expect(await statusOf(server, {}, "/echo/")).toBe(404);
  });

  test("and says which version is spoken", async () => {
    await using server = await echoing();
    using socket = await rawSocket(server.port, "/echo", { "Sec-WebSocket-Version": "99" });
    expect(socket.head).toContain("\r\nSec-WebSocket-Version: 13\r\n");
  });
});

test("no extension is agreed upon, whatever is offered", async () => {
  await using server = await echoing();
  using socket = await rawSocket(server.port, "/echo", {
    "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits, x-webkit-deflate-frame",
  });
  expect(socket.head).toMatch(/^HTTP\/1\.1 101 /);
  expect(socket.head).not.toMatch(/sec-websocket-extensions/i);
});

test("who asks for another protocol is answered as if he had not", async () => {
  await using server = await startWebSocket({ "/": { answer: () => new Response("hello") } });
  using socket = await rawSocket(server.port, "/", { Upgrade: "h2c", "Sec-WebSocket-Key": undefined });
  expect(socket.head).toMatch(/^HTTP\/1\.1 200 /);
});

describe("who is connected too often", () => {
  test("is answered 429 by address, and comes in when somebody has left", async () => {
    await using server = await echoing({ maxConnectionsPerAddress: 2 });
    const first = await peer(`${server.streamUrl}/echo`);
    await using _second = await peer(`${server.streamUrl}/echo`);
    expect(await statusOf(server, {})).toBe(429);
    const [connection] = server.connections;
    await first[Symbol.asyncDispose]();
    await gone(server, connection);
    expect(await statusOf(server, {})).toBe(101);
  });

  test("is answered 503 when all places are taken", async () => {
    await using server = await echoing({ maxConnections: 1 });
    await using _first = await peer(`${server.streamUrl}/echo`);
    expect(await statusOf(server, {})).toBe(503);
  });
});

describe("a handshake that takes too long", () => {
  test.each(["", "GET /echo HTTP/1.1\r\nHost: localhost\r\nUpgr"])("is ended: %j", async (beginning) => {
    await using server = await echoing({ handshakeTimeoutMs: 50 });
    const socket = connect({ port: server.port, host: "127.0.0.1" });
    socket.write(beginning);
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      socket.on("data", (bytes: Buffer) => (text += bytes.toString()));
      socket.on("close", () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("is ended too when it comes byte by byte", async () => {
    await using server = await echoing({ handshakeTimeoutMs: 100 });
    const socket = connect({ port: server.port, host: "127.0.0.1" });
    socket.on("error", () => {});
    socket.write("GET /echo HTTP/1.1\r\nX-Slow: ");
    const dripping = setInterval(() => socket.write("a"), 5);
    const beganMs = performance.now();
    await new Promise((resolve) => socket.once("close", resolve));
    clearInterval(dripping);
    expect(performance.now() - beganMs).toBeGreaterThan(90);
  });
});

describe("a connection is closed", () => {
  test("with 1009 for a message over the limit, and a door can have its own", async () => {
    await using server = await startWebSocket(
      { "/": { doors: { "/echo": echo, "/small": { ...echo, limits: { maxMessageBytes: 10 } } } } },
      { maxMessageBytes: 1_000 },
    );
    await using large = await peer(`${server.streamUrl}/echo`);
    await using small = await peer(`${server.streamUrl}/small`);
    large.send("x".repeat(1_000));
    small.send("x".repeat(10));
    expect(await large.next()).toHaveLength(1_000);
    expect(await small.next()).toHaveLength(10);
    large.send("x".repeat(1_001));
    small.send("x".repeat(11));
    expect(await large.closed()).toMatchObject({ code: 1009 });
    expect(await small.closed()).toMatchObject({ code: 1009 });
  });

  test("with 1008 for more messages than allowed, pings among them", async () => {
    await using server = await echoing({ maxMessagesPerSecond: 10 });
    await using talker = await peer(`${server.streamUrl}/echo`);
    await using pinger = await peer(`${server.streamUrl}/echo`);
    for (let count = 0; count < 30; count += 1) {
      talker.send("again");
      pinger.socket.ping();
    }
    const reason = "more than 10 messages a second";
    expect(await talker.closed()).toEqual({ code: 1008, reason });
    expect(await pinger.closed()).toEqual({ code: 1008, reason });
    const answers = server.transcript.list({ connection: 1 }).filter(({ text }) => text === "again");
    // Twice the rate at once, and no more; each heard and answered.
    expect(answers.length).toBeGreaterThanOrEqual(40);
    expect(answers.length).toBeLessThan(46);
  });

  test("with 1011 when its door throws, and the others stay", async () => {
    const door: Door = {
      welcome: (connection) => ({
        heard: (message) => {
          if (message.toString() === "trap") throw new Error("a bug in the door");
          connection.send("fine");
        },
      }),
    };
    await using server = await startWebSocket({ "/": { doors: { "/": door } } });
    await using one = await peer(server.streamUrl);
    await using other = await peer(server.streamUrl);
    one.send("trap");
    expect(await one.closed()).toMatchObject({ code: 1011 });
    other.send("?");
    expect(await other.next()).toBe("fine");
    expect(server.transcript.text()).toContain("1 *: error: a bug in the door");
  });

  test("without a word when it does not answer a ping in time; who answers stays", async () => {
    await using server = await echoing({ pingIntervalMs: 40, pongTimeoutMs: 40 });
    await using answering = await peer(`${server.streamUrl}/echo`);
    using silent = await rawSocket(server.port, "/echo");
    const rest = await silent.rest();
    expect(rest.toString("hex")).toBe("8900");
    await gone(server, [...server.connections][1]);
    expect(server.transcript.text()).toContain("2 *: connection lost: no answer to a ping within 40 ms");
    answering.send("still here");
    expect(await answering.next()).toBe("still here");
  });

  test("by force when it does not answer our close frame in time", async () => {
    const door: Door = { welcome: (connection) => ({ heard: () => connection.close(4000, "enough") }) };
    await using server = await startWebSocket({ "/": { doors: { "/": door } } }, { closeTimeoutMs: 40 });
    using socket = await rawSocket(server.port, "/");
    socket.write(said("?"));
    expect(await socket.rest()).toEqual(closeFrame(4000, "enough"));
    await gone(server, [...server.connections][0]);
    expect(server.connections.size).toBe(0);
  });
});

describe("a client that does not read", () => {
  /** Sends 64 KB for each message that anybody else says. */
  const flooding = (hearer: { overflowed?: () => void } = {}): Door => {
    let reader: Parameters<Door["welcome"]>[0] | undefined;
    return {
      welcome: (connection) => {
        reader ??= connection;
        return {
          ...hearer,
          heard: (message) => {
            reader?.send(Buffer.alloc(65_536));
            connection.send(`${message.toString()} ${reader?.bufferedBytes}`);
          },
        };
      },
    };
  };

  test("is closed with 1008 above maxBufferedBytes, and takes no more memory", async () => {
    await using server = await startWebSocket(
      { "/": { doors: { "/": flooding() } } },
      { maxBufferedBytes: 200_000, maxMessagesPerSecond: Infinity, closeTimeoutMs: 50 },
    );
    using slow = await rawSocket(server.port, "/");
    slow.socket.pause();
    await using fast = await peer(server.streamUrl);
    let most = 0;
    for (let count = 0; count < 1_000; count += 1) {
      fast.send("more");
      const [, buffered] = String(await fast.next()).split(" ");
      most = Math.max(most, Number(buffered));
    }
    expect(most).toBeGreaterThan(200_000);
    expect(most).toBeLessThan(500_000);
    expect(server.transcript.text({ connection: 1 })).toContain("1 S: close 1008 what is sent is not read");
  });

  test("is its door's business when that says so", async () => {
    let overflows = 0;
    const door = flooding({ overflowed: () => (overflows += 1) });
    await using server = await startWebSocket(
      { "/": { doors: { "/": door } } },
      { maxBufferedBytes: 200_000, maxMessagesPerSecond: Infinity },
    );
    using slow = await rawSocket(server.port, "/");
    slow.socket.pause();
    await using fast = await peer(server.streamUrl);
    while (overflows < 3) {
      fast.send("more");
      await fast.next();
    }
    expect(server.connections.size).toBe(2);
  });

  test("is not heard either until it reads: its messages wait with it", async () => {
    await using server = await echoing({ maxMessagesPerSecond: Infinity, maxBufferedBytes: 100_000_000 });
    using socket = await rawSocket(server.port, "/echo");
    socket.socket.pause();
    const frame = encodeFrame(opcodes.binary, Buffer.alloc(100_000), { mask });
    for (let count = 0; count < 500; count += 1) socket.write(frame);
    const [connection] = server.connections;
    // More turns than hearing all of it would take.
    for (let turn = 0; turn < 3_000; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(connection?.bufferedBytes).toBeLessThan(2_000_000);
    expect(socket.socket.writableLength).toBeGreaterThan(10_000_000);
  });
});

/** Resolved when the server has noticed that a connection is over. */
async function gone(
  server: WebSocketServer,
  connection: (typeof server.connections extends ReadonlySet<infer One> ? One : never) | undefined,
): Promise<void> {
  while (connection && server.connections.has(connection)) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { WebSocket } from "ws";
import { connectWebSocket } from "portside/clients/websocket";
import { startInterposer } from "portside/servers/exchange";
import { type PeerServer, wsServer } from "./peer.ts";

/*
 * A conversation that must survive whatever happens to its connections. The server (npm ws) tells numbers from 1 to
 * `count`, from the one behind the last that the client says it has; the client tells as many of its own, again from the
 * last one that was acknowledged. On the way stands an interposer that breaks the connections.
 */
const count = 300;

/** Tells and hears numbers, over as many connections as it takes. */
async function tellingServer(heard: number[]): Promise<PeerServer> {
  return await wsServer((socket) => {
    socket.on("message", (message: Buffer) => {
      const [verb, number] = message.toString().split(" ") as [string, string];
      if (verb === "after") {
        for (let next = Number(number) + 1; next <= count; next += 1) socket.send(`tell ${next}`);
        socket.send(`ack ${heard.length}`);
        return;
      }
      if (Number(number) === heard.length + 1) heard.push(Number(number));
      socket.send(`ack ${heard.length}`);
    });
  });
}

interface Break {
  /** Bytes of the server, or of the client, after which it happens. */
  readonly bytes: number;
  readonly direction: "C" | "S";
  readonly ending: "close" | "reset" | "stall";
}

/** Hold the whole conversation while connection after connection is broken. */
async function converse(breaks: readonly Break[], pieceBytes: number) {
  const serverHeard: number[] = [];
  const clientHeard: number[] = [];
  await using server = await tellingServer(serverHeard);
  await using between = await startInterposer({
    target: `tcp://127.0.0.1:${server.port}`,
    rules: [
      { fault: "slicer", averageBytes: pieceBytes, connection: breaks.map((_, index) => index + 2) },
      ...breaks.map(({ bytes, direction, ending }, index) => ({
        fault: "limit_data" as const,
        bytes,
        direction,
        ending,
        // The first connection must come about; each after it may fail anywhere, in its handshake too.
        connection: index + 2,
      })),
      { fault: "limit_data", bytes: 1_000, connection: 1 },
    ],
  });
  let acknowledged = 0;
  const done = Promise.withResolvers<void>();
  await using client = await connectWebSocket(`ws://127.0.0.1:${between.port}/`, {
    reconnects: true,
    retryDelayMs: 1,
    maxRetryDelayMs: 2,
    connectTimeoutMs: 250,
    pingIntervalMs: 30,
    pongTimeoutMs: 30,
    closeTimeoutMs: 30,
    onOpen: ({ send }) => {
      send(`after ${clientHeard.length}`);
      for (let next = acknowledged + 1; next <= count; next += 1) send(`tell ${next}`);
    },
    onMessage: (message) => {
      const [verb, number] = String(message).split(" ") as [string, string];
      if (verb === "tell") clientHeard.push(Number(number));
      else acknowledged = Number(number);
      if (clientHeard.length >= count && acknowledged >= count) done.resolve();
    },
  });
  // Nothing is left to receive, so this ends only with the client.
  await Promise.race([done.promise, client.receive()]);
  return { serverHeard, clientHeard, connections: client.connections };
}

const all = Array.from({ length: count }, (_, index) => index + 1);

describe("with reconnects, nothing is lost and nothing doubled", () => {
  test.each([
    ["cut", { bytes: 1_500, direction: "S", ending: "close" }],
    ["reset", { bytes: 1_500, direction: "S", ending: "reset" }],
    ["stalled", { bytes: 1_500, direction: "S", ending: "stall" }],
    ["cut in the middle of a frame's header", { bytes: 130, direction: "S", ending: "close" }],
    ["cut in the handshake", { bytes: 60, direction: "S", ending: "close" }],
    ["stalled in the handshake", { bytes: 60, direction: "S", ending: "stall" }],
    ["cut while we speak", { bytes: 1_500, direction: "C", ending: "reset" }],
    ["stalled while we speak", { bytes: 1_500, direction: "C", ending: "stall" }],
  ] satisfies [string, Break][])("when connections are %s", async (_, broken) => {
    const { serverHeard, clientHeard, connections } = await converse([broken, broken, broken], 1_000);
    expect(clientHeard).toEqual(all);
    expect(serverHeard).toEqual(all);
    expect(connections).toBeGreaterThanOrEqual(2);
  });

  test("whatever breaks when, in pieces of any size", async () => {
    const broken = fc.record({
      bytes: fc.nat(4_000),
      direction: fc.constantFrom("C" as const, "S" as const),
      ending: fc.constantFrom("close" as const, "reset" as const, "stall" as const),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(broken, { maxLength: 6 }),
        fc.integer({ min: 1, max: 500 }),
        async (breaks, pieceBytes) => {
          const { serverHeard, clientHeard } = await converse(breaks, pieceBytes);
          expect(clientHeard).toEqual(all);
          expect(serverHeard).toEqual(all);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe("with reconnects", () => {
  test.each([
    [1008, "go away"],
    [1009, "too large"],
  ])("a close with %i is the end: the same would happen again", async (code, reason) => {
    await using server = await wsServer((socket) => socket.close(code, reason));
    await using client = await connectWebSocket(server.url, { reconnects: true, retryDelayMs: 1 });
    await expect(client.receive()).rejects.toThrow(new RegExp(`closed with ${code}: ${reason}`));
    expect(client.connections).toBe(1);
  });

  test.each([1001, 1011, 1012, 1013])("a close with %i is answered by coming back", async (code) => {
    let connections = 0;
    await using server = await wsServer((socket) => {
      connections += 1;
      if (connections === 1) socket.close(code);
      else socket.send("welcome back");
    });
    await using client = await connectWebSocket(server.url, { reconnects: true, retryDelayMs: 1 });
    expect(await client.receive()).toBe("welcome back");
  });

  test("a server that does not let us in any more is the end, one that is overloaded is not", async () => {
    const answers = [503, 429, 400, 403];
    let connections = 0;
    await using server = await wsServer((socket) => socket.terminate(), {
      verifyClient: (_, done) => {
        connections += 1;
        const status = connections === 1 ? undefined : answers.shift();
        done(status === undefined, status);
      },
    });
    await using client = await connectWebSocket(server.url, { reconnects: true, retryDelayMs: 1 });
    await expect(client.receive()).rejects.toMatchObject({ code: "REPLY_UNEXPECTED", status: 403 });
    expect(connections).toBe(5);
  });

  test("waits grow, and it is given up after maxRetries", async () => {
    const server = await wsServer(() => {});
    await using client = await connectWebSocket(server.url, {
      reconnects: true,
      retryDelayMs: 20,
      maxRetryDelayMs: 40,
      maxRetries: 3,
    });
    const beganMs = performance.now();
    await server[Symbol.asyncDispose]();
    await expect(client.opened()).resolves.toBeUndefined();
    await expect(client.receive()).rejects.toMatchObject({ code: "CONNECT_FAILED" });
    await expect(client.opened()).rejects.toMatchObject({ code: "CONNECT_FAILED" });
    // 20, 40 and 40 ms, of each at least the half.
    expect(performance.now() - beganMs).toBeGreaterThan(49);
  });

  test("nothing can be sent in between, and `opened` says when it can again", async () => {
    let first: WebSocket | undefined;
    await using server = await wsServer((socket) => {
      first ??= socket;
      socket.on("message", (message, isBinary) => socket.send(message, { binary: isBinary }));
    });
    await using client = await connectWebSocket(server.url, { reconnects: true, retryDelayMs: 1 });
    first?.terminate();
    while (client.isOpen) await new Promise((resolve) => setImmediate(resolve));
    expect(() => client.send("lost")).toThrow(/CONNECTION_LOST/);
    await client.opened();
    client.send("there");
    expect(await client.receive()).toBe("there");
  });

  test("close() ends the attempts too", async () => {
    const server = await wsServer(() => {});
    const client = await connectWebSocket(server.url, { reconnects: true, retryDelayMs: 60_000 });
    await server[Symbol.asyncDispose]();
    while (client.isOpen) await new Promise((resolve) => setImmediate(resolve));
    await client.close();
    expect(await Array.fromAsync(client)).toEqual([]);
  });
});

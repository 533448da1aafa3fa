import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { connectWeb } from "../../clients/web/index.ts";
import { startWeb, type WebServer, wrong } from "../../servers/web/index.ts";
import { crowdAt, heapBytes } from "../peers/crowd.ts";
import { exchange, raw, statuses } from "./raw.ts";
import { site } from "./site.ts";

/** Others are served while somebody misbehaves. */
async function servesOthers(web: WebServer): Promise<void> {
  await using client = await connectWeb(web.url, { answerTimeoutMs: 2_000 });
  expect((await client.ask({ target: "/" })).status).toBe(200);
}

const megabyte = 1_048_576;

describe("too slowly", () => {
  test("a head that trickles is answered 408 at its deadline, however steadily it comes", async () => {
    await using web = await startWeb({ routes: { "/*": () => "" }, headTimeoutMs: 150 });
    await using client = await raw(web.port);
    client.send("GET / HTTP/1.1\r\n");
    const drip = setInterval(() => client.send("A: b\r\n"), 10);
    const begin = performance.now();
    const heard = await client.ended();
    clearInterval(drip);
    expect(statuses(heard)).toEqual([408]);
    expect(performance.now() - begin).toBeLessThan(1_000);
    await servesOthers(web);
  });

  test("a body that trickles is answered 408 at its deadline", async () => {
    await using web = await startWeb({ routes: { "/*": ({ body }) => body.text() }, messageTimeoutMs: 150 });
    await using client = await raw(web.port);
    client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
    const drip = setInterval(() => client.send("a"), 10);
    const heard = await client.ended();
    clearInterval(drip);
    expect(statuses(heard)).toEqual([408]);
    expect(web.requests()[0]?.error?.message).toMatch(/TIMED_OUT/);
  });

  test("a body that stops is answered 408 after idleTimeoutMs; a silent connection ends without a word", async () => {
    await using web = await startWeb({ routes: { "/*": ({ body }) => body.text() }, idleTimeoutMs: 100 });
    const stopped = exchange(web.port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
    expect(await exchange(web.port, "")).toBe("");
    expect(statuses(await stopped)).toEqual([408]);
  });

  test("a client that does not read is given up, and nothing is read ahead for it", async () => {
    using folder = site();
    await using web = await startWeb({
      root: folder.root,
      idleTimeoutMs: 200,
      maxTranscriptEntries: 10,
      maxRequests: 10,
    });
    const before = heapBytes();
    await using client = await raw(web.port);
    client.socket.pause();
    client.send("GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2_000));
    await servesOthers(web);
    expect(heapBytes() - before).toBeLessThan(30 * megabyte);
    // Paused, the client never sees the end; the server's count says that it has gone.
    while (web.connections > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});

describe("too much", () => {
  test("an endless head, an endless chunk and an endless trailer end at their bounds", async () => {
    await using web = await startWeb({
      routes: { "/*": async ({ body }) => String((await body.bytes()).length) },
      maxBodyBytes: 200_000,
    });
    const head = "POST / HTTP/1.1\r\nHost: x\r\n";
    const filler = "a".repeat(10_000);
    for (const [begin, more, status] of [
      ["GET / HTTP/1.1\r\n", "A: b\r\n".repeat(1_000), 431],
      [`${head}Transfer-Encoding: chunked\r\n\r\n`, `2710\r\n${filler}\r\n`, 413],
      [`${head}Transfer-Encoding: chunked\r\n\r\n0\r\n`, "A: b\r\n".repeat(1_000), 431],
    ] as const) {
      await using client = await raw(web.port);
      client.send(begin);
      // Until it stops taking more.
      for (let sent = 0; sent < 1_000 && client.outcome === undefined; sent += 1) {
        client.send(more);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(statuses(await client.ended())[0]).toBe(status);
    }
    await servesOthers(web);
  });

  test("a hundred thousand pipelined requests are answered in steady memory", async () => {
    await using web = await startWeb({
      routes: { "/*": () => "a" },
      maxRequests: 100,
      maxTranscriptEntries: 100,
    });
    await using client = await raw(web.port);
    client.socket.removeAllListeners("data");
    const burst = Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1_000));
    let bytes = 0;
    client.socket.on("data", (piece: Buffer) => (bytes += piece.length));
    const before = heapBytes();
    for (let round = 0; round < 100; round += 1) {
      if (!client.socket.write(burst)) await once(client.socket, "drain");
    }
    client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    await client.ended();
    expect(bytes).toBeGreaterThan(100_000 * 100);
    expect(heapBytes() - before).toBeLessThan(40 * megabyte);
  });

  test("small requests for large answers, never read, are answered no further than the socket takes", async () => {
    const answer = "x".repeat(60_000);
    await using web = await startWeb({ routes: { "/*": () => answer }, maxTranscriptEntries: 10 });
    await using client = await raw(web.port);
    client.socket.pause();
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2_000));
    await web.waitForRequest();
    await servesOthers(web);
    // Whatever the kernel holds for both ends, it is far from all.
    expect(web.requests().length).toBeLessThan(500);
  });

  test("connections over maxConnections are told so", async () => {
    await using web = await startWeb({ routes: { "/*": () => "" }, maxConnections: 2 });
    await using one = await raw(web.port);
    await using two = await raw(web.port);
    one.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    two.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await Promise.all([one.until(/200/), two.until(/200/)]);
    expect(statuses(await exchange(web.port, ""))).toEqual([503]);
  });
});

describe("gone", () => {
  test("resets in the middle of heads, bodies and answers leave nothing behind", async () => {
    using folder = site();
    await using web = await startWeb({ root: folder.root, routes: { "POST /": ({ body }) => ({ body }) } });
    for (let round = 0; round < 30; round += 1) {
      for (const bytes of [
        "GET / HT",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\nabc",
        "GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3),
      ]) {
        const client = await raw(web.port);
        client.send(bytes);
        await new Promise((resolve) => setImmediate(resolve));
        client.socket.resetAndDestroy();
      }
    }
    while (web.connections > 0) await new Promise((resolve) => setImmediate(resolve));
    await servesOthers(web);
  });

  test("a FIN in the middle of a request ends it; behind a request it is answered", async () => {
    await using web = await startWeb({
      routes: { "/*": () => new Promise((resolve) => setImmediate(() => resolve("late"))) },
    });
    for (const [bytes, answered] of [
      ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", [200]],
      ["GET / HTTP/1.1\r\nHo", []],
      ["", []],
    ] as const) {
      await using client = await raw(web.port);
      client.socket.end(bytes);
      expect(statuses(await client.ended())).toEqual(answered);
    }
  });

  test("never answered, the client's leaving frees its connection", async () => {
    await using web = await startWeb({ routes: { "/*": () => wrong.silence() } });
    for (const how of ["end", "resetAndDestroy"] as const) {
      await using client = await raw(web.port);
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      await web.waitForRequest();
      client.socket[how]();
      if (how === "end") await client.ended();
    }
    while (web.connections > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});

test("10,000 idle connections cost little, and others are served", async () => {
  await using web = await startWeb({ routes: { "/*": () => "" } });
  const before = heapBytes();
  {
    await using _crowd = await crowdAt(web.port, 10_000);
    await servesOthers(web);
    expect(web.connections).toBeGreaterThanOrEqual(10_000);
    expect((heapBytes() - before) / 10_000).toBeLessThan(8_192);
  }
  while (web.connections > 0) await new Promise((resolve) => setImmediate(resolve));
});

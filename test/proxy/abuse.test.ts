import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { type ProxyServer, startProxy } from "../../servers/proxy/index.ts";
import { crowdAt, heapBytes } from "../peers/crowd.ts";
import { needs, python } from "../peers/tools.ts";
import { Bytes, hex } from "./bytes.ts";
import { startEcho } from "./origin.ts";

/** Somebody else is served meanwhile. */
async function expectServed(proxy: ProxyServer): Promise<void> {
  await using echo = await startEcho();
  using client = await Bytes.to(proxy, `CONNECT ${echo.authority} HTTP/1.1\r\nHost: a\r\n\r\nstill here`);
  await client.until("\r\n\r\n");
  expect(await client.text(10)).toBe("still here");
}

describe("the proxy outlives", () => {
  test.each([
    ["silence", ""],
    ["half a head", "CONNECT 127.0.0.1:80 HTTP/1.1\r\nHos"],
    ["half a greeting of SOCKS 5", "\x05\x03"],
    ["SOCKS 5 that asks for nothing", "\x05\x01\x00"],
    ["half a request of SOCKS 4", "\x04\x01\x00"],
  ])("%s: the client goes after handshakeTimeoutMs", async (_, said) => {
    await using proxy = await startProxy({ handshakeTimeoutMs: 60 });
    using client = await Bytes.to(proxy, said);
    await client.rest();
    expect(proxy.transcript.text()).toContain("no whole request within 60 ms");
    await expectServed(proxy);
  });

  test("a head that trickles: every byte is new, and the deadline is not", async () => {
    await using proxy = await startProxy({ handshakeTimeoutMs: 150 });
    using client = await Bytes.to(proxy, "GET http://127.0.0.1/ HTTP/1.1\r\n");
    const trickle = setInterval(() => client.socket.writable && client.socket.write("X"), 10);
    await client.rest();
    clearInterval(trickle);
    expect(proxy.transcript.text()).toContain("no whole request within 150 ms");
  });

  test("endless heads, in HTTP and SOCKS 4: they end at their caps", async () => {
    await using proxy = await startProxy();
    for (const [begin, answer] of [
      ["GET http://127.0.0.1/ HTTP/1.1\r\n", /^HTTP\/1\.1 431 /],
      ["GET ", /^HTTP\/1\.1 414 /],
      ["\x04\x01\x00\x50\x7f\x00\x00\x01", /^$/],
    ] as const) {
      using client = await Bytes.to(proxy, begin);
      const flood = async (): Promise<void> => {
        while (client.socket.writable) {
          if (!client.socket.write("x".repeat(4_096)))
            await Promise.race([once(client.socket, "drain"), client.rest()]);
          await new Promise((resolve) => setImmediate(resolve));
          if (client.socket.readableEnded) return;
        }
      };
      const [said] = await Promise.all([client.rest(), flood().catch(() => {})]);
      expect(said).toMatch(answer);
    }
    await expectServed(proxy);
  });

  test("resets at every byte of a negotiation", async () => {
    await using echo = await startEcho();
    await using proxy = await startProxy();
    const request = Buffer.from(`CONNECT ${echo.authority} HTTP/1.1\r\nHost: a\r\n\r\nhello`);
    const socks = hex(`050100 050100017f000001${echo.port.toString(16).padStart(4, "0")}`);
    for (const whole of [request, socks]) {
      for (let length = 0; length <= whole.length; length += 1) {
        const client = await Bytes.to(proxy, whole.subarray(0, length));
        client.socket.resetAndDestroy();
      }
    }
    await expectServed(proxy);
    while (proxy.connections > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test("clients that end before they ask, and whose FIN comes with the request", async () => {
    await using echo = await startEcho();
    await using proxy = await startProxy();
    using silent = await Bytes.to(proxy);
    silent.socket.end();
    expect(await silent.rest()).toBe("");
    using hasty = await Bytes.to(proxy, `CONNECT ${echo.authority} HTTP/1.1\r\nHost: a\r\n\r\nhello`);
    hasty.socket.end();
    expect(await hasty.rest()).toBe("HTTP/1.1 200 Connection established\r\n\r\nhello");
  });

  test("a target that never accepts: the client is told", needs(python), async () => {
    await using full = await startFull();
    await using proxy = await startProxy({ connectTimeoutMs: 100 });
    using client = await Bytes.to(proxy, `CONNECT 127.0.0.1:${full.port} HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(await client.rest()).toMatch(/^HTTP\/1\.1 504 [^]*error=connection_timeout/);
  });

  test("10,000 idle clients, each in little memory", { timeout: 60_000 }, async () => {
    await using proxy = await startProxy();
    const before = heapBytes();
    {
      await using _crowd = await crowdAt(proxy.port, 10_000);
      await expectServed(proxy);
      expect(proxy.connections).toBeGreaterThanOrEqual(10_000);
      expect((heapBytes() - before) / 10_000).toBeLessThan(16_384);
    }
    while (proxy.connections > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test("1,000 idle clients, and one more than allowed", async () => {
    await using proxy = await startProxy({ maxConnections: 1_001 });
    const idle = await Promise.all(Array.from({ length: 1_000 }, () => connected(proxy)));
    await expectServed(proxy);
    while (proxy.connections > 1_000) await new Promise((resolve) => setImmediate(resolve));
    idle.push(await connected(proxy));
    using late = await Bytes.to(proxy);
    expect(await late.rest()).toBe("");
    expect(proxy.transcript.text()).toContain("more than 1001 connections");
    await proxy.close({ graceMs: 0 });
    for (const socket of idle) socket.destroy();
  });
});

async function connected({ port }: { readonly port: number }): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** A listener whose queue is full: nobody accepts, and the kernel answers no further SYN. */
async function startFull(): Promise<AsyncDisposable & { readonly port: number }> {
  const program =
    "import socket, sys; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(0); print(s.getsockname()[1], flush=True); sys.stdin.read()";
  const child = spawn(python, ["-c", program], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const port = Number(line.toString());
  const first = await connected({ port });
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      first.destroy();
      const exit = once(child, "exit");
      child.stdin.end();
      await exit;
    },
  };
}

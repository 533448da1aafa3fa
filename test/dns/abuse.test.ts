import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { type DnsServer, startDns } from "../../servers/dns/index.ts";
import { heapBytes } from "../peers/crowd.ts";
import { query } from "./ask.ts";
import { exampleZone } from "./example-zone.ts";

const zones = { "example.test": exampleZone };

async function connected({ port }: DnsServer): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** Somebody else is served meanwhile. */
async function expectServed(dns: DnsServer): Promise<void> {
  expect(await dns.resolver().resolve4("www.example.test")).toEqual(["192.0.2.7"]);
}

/** A query as it stands in a TCP stream. */
function framed(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 255), bytes]);
}

describe("over TCP, others are served while somebody", () => {
  test("trickles: every byte is new, and the deadline is not", async () => {
    await using dns = await startDns({ zones, idleTimeoutMs: 80 });
    const socket = await connected(dns);
    const gone = once(socket, "close");
    const bytes = framed(query("www.example.test", "A"));
    let at = 0;
    const drip = setInterval(() => void socket.write(bytes.subarray(at % 20, (at++ % 20) + 1)), 10);
    await expectServed(dns);
    socket.resume();
    await gone;
    clearInterval(drip);
    expect(dns.queries().filter(({ transport }) => transport === "tcp")).toEqual([]);
  });

  test("asks and asks, and never reads, with memory flat", async () => {
    await using dns = await startDns({ zones, idleTimeoutMs: 200, maxLogEntries: 10 });
    const before = heapBytes();
    const socket = await connected(dns);
    socket.pause();
    const many = Buffer.concat(
      Array.from({ length: 2_000 }, () => framed(query("example.test", "MX", { ednsBytes: 4_096 }))),
    );
    let isOpen = true;
    void once(socket, "close").then(() => (isOpen = false));
    for (let burst = 0; burst < 400 && isOpen && !socket.writableNeedDrain; burst++) {
      socket.write(many);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expectServed(dns);
    expect(heapBytes() - before).toBeLessThan(30_000_000);
    socket.resetAndDestroy();
  });

  test("resets in the middle, or says a length of nothing, or garbage", async () => {
    await using dns = await startDns({ zones });
    const whole = framed(query("www.example.test", "A"));
    for (let cut = 0; cut <= whole.length; cut++) {
      const socket = await connected(dns);
      socket.write(whole.subarray(0, cut));
      socket.resetAndDestroy();
    }
    const socket = await connected(dns);
    // Empty messages and garbage deserve no answer, and the query behind them does.
    socket.write(Buffer.concat([Buffer.of(0, 0, 0, 0, 0, 3, 1, 2, 3), whole]));
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.subarray(2, 4)).toEqual(whole.subarray(2, 4));
    await expectServed(dns);
    socket.destroy();
  });

  test("has said all it will say: it is answered, and let go", async () => {
    await using dns = await startDns({ zones });
    const socket = await connected(dns);
    socket.end(framed(query("www.example.test", "A")));
    const heard: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => heard.push(chunk));
    await once(socket, "end");
    expect(Buffer.concat(heard).length).toBeGreaterThan(14);
  });
});

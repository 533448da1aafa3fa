import { describe, expect, test } from "vitest";
import { connectTicker } from "portside/clients/websocket";
import { connectBus } from "portside/clients/store";
import { type Bus, openBus } from "portside/servers/store";
import { startTicker, type TickerServer } from "portside/servers/websocket";
import { needs } from "../../peers/tools.ts";
import { runMarket } from "./run-market.ts";
import { startRedis } from "../../store/redis-server.ts";

const stepped = { symbols: ["BTCUSDT", "XRPUSDT"], seed: 5, clock: "stepped" } as const;

interface Shared extends AsyncDisposable {
  /** A bus for each process. */
  connect(): Promise<Bus>;
}

const kinds: readonly (readonly [
  name: string,
  open: () => Promise<Shared>,
  skips: { readonly skip: boolean },
])[] = [
  [
    "in one process",
    async () => {
      const bus = openBus();
      return { connect: () => Promise.resolve(bus), [Symbol.asyncDispose]: () => bus.close() };
    },
    { skip: false },
  ],
  [
    "on Redis",
    async () => {
      const redis = await startRedis();
      const buses: Bus[] = [];
      return {
        connect: async () => {
          const bus = await connectBus({ url: `redis+unix://${redis.path}` });
          buses.push(bus);
          return bus;
        },
        [Symbol.asyncDispose]: async () => {
          for (const bus of buses) await bus.close();
          await redis[Symbol.asyncDispose]();
        },
      };
    },
    needs("redis-server"),
  ],
];

/** Until the other one has heard of all that the first one knows. */
async function untilSame(other: TickerServer, first: TickerServer): Promise<void> {
  for (const symbol of first.symbols)
    await expect.poll(() => other.book(symbol), { timeout: 10_000 }).toEqual(first.book(symbol));
}

describe.each(kinds)("one market for many tickers, %s", (_, open, skips) => {
  test("is made by one of them and told by all, also by those who come later", skips, async () => {
    await using shared = await open();
    await using first = await startTicker({ ...stepped, bus: await shared.connect() });
    await first.step(2_000);
    await using second = await startTicker({ ...stepped, bus: await shared.connect() });
    expect([first.isLeading, second.isLeading]).toEqual([true, false]);
    await untilSame(second, first);
    await using client = await connectTicker(second.feedUrl, { symbols: ["BTCUSDT"] });
    await client.waitForBook("BTCUSDT");
    await first.step(3_000);
    const { sequence, checksum } = first.book("BTCUSDT");
    expect(await client.waitForBook("BTCUSDT", { sequence })).toMatchObject({
      isRight: true,
      sequence,
      checksum,
    });
    expect(client.trouble.lostBooks).toBe(0);
    await untilSame(second, first);
    expect(() => second.step(1)).toThrow(/another process makes this market/);
  });

  test("goes on with the very same events when the one who made it goes", skips, async () => {
    await using shared = await open();
    const first = await startTicker({ ...stepped, bus: await shared.connect() });
    await using second = await startTicker({ ...stepped, bus: await shared.connect() });
    for (let step = 0; step < 30; step++) await first.step(100);
    await untilSame(second, first);
    await first.close({ graceMs: 0 });
    await expect.poll(() => second.isLeading, { timeout: 10_000 }).toBe(true);
    await second.step(2_000);
    // Alone, from the beginning: the same market.
    await using alone = await startTicker(stepped);
    await alone.step(5_000);
    for (const symbol of alone.symbols) expect(second.book(symbol)).toEqual(alone.book(symbol));
  });

  test("is not mixed up with another one of the same name", skips, async () => {
    await using shared = await open();
    await using first = await startTicker({ ...stepped, bus: await shared.connect() });
    const other = { ...stepped, seed: 6, bus: await shared.connect() };
    await expect(startTicker(other)).rejects.toThrow(/is another market/);
    await using elsewhere = await startTicker({ ...other, busName: "other" });
    await elsewhere.step(1_000);
    expect(first.book("BTCUSDT").sequence).toBe(1);
  });
});

describe("two processes on one Redis", needs("redis-server"), () => {
  test("are one ticker, and kill -9 of the one who makes the market stops it for a moment only", async () => {
    await using redis = await startRedis();
    const url = `redis+unix://${redis.path}`;
    const args = ["--listen", ":0", "--json", "--symbols", "BTCUSDT", "--bus", url];
    await using first = await runMarket(args);
    await using second = await runMarket(args);
    await using one = await connectTicker(first.feedUrl, { symbols: ["BTCUSDT"], maxRetries: 1 });
    await using other = await connectTicker(second.feedUrl, { symbols: ["BTCUSDT"] });
    const { sequence } = await one.waitForBook("BTCUSDT");
    // What both are told of one event is the same.
    const heard = new Map<number, string>();
    let compared = 0;
    const compare = async (client: typeof one): Promise<void> => {
      for await (const news of client) {
        if (news.type !== "update") continue;
        const before = heard.get(news.sequence);
        if (before !== undefined && ++compared > 20) return;
        if (before !== undefined) expect(news.checksum).toBe(before);
        heard.set(news.sequence, news.checksum);
      }
    };
    await Promise.race([compare(one), compare(other)]);
    expect((await other.waitForBook("BTCUSDT", { sequence })).isRight).toBe(true);
    first.signal("SIGKILL");
    await first.ended;
    const now = other.book("BTCUSDT").sequence;
    await other.waitForBook("BTCUSDT", { sequence: now + 50, timeoutMs: 20_000 });
    expect(other.trouble.lostBooks).toBe(0);
  });
});

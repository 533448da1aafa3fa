import { describe, expect, test } from "vitest";
import { startInterposer } from "portside/servers/exchange";
import { connectTicker, type TickerClient } from "portside/clients/websocket";
import { faultSchedule, startTicker, type TickerServer } from "portside/servers/websocket";

const symbols = ["BTCUSDT", "XRPUSDT"];
const stepped = { symbols, seed: 5, clock: "stepped" } as const;

/** The client's book is the server's, to the last level. */
async function expectSameBook(client: TickerClient, server: TickerServer, symbol: string): Promise<void> {
  const { sequence, checksum, bids, asks } = server.book(symbol);
  const kept = await client.waitForBook(symbol, { sequence });
  expect(kept).toEqual({ isRight: true, sequence, checksum, bids, asks });
}

describe("connectTicker()", () => {
  test("keeps the books of the server, and hears trades, quotes and candles", async () => {
    await using server = await startTicker(stepped);
    await using client = await connectTicker(server.feedUrl, {
      symbols,
      channels: ["book", "trades", "quotes", "candles"],
    });
    const [trade, quote, candle] = [client.trades(), client.quotes("XRPUSDT"), client.candles("BTCUSDT")].map(
      (iterator) => iterator.next(),
    );
    await client.waitForBook("XRPUSDT");
    await server.step(3_000);
    for (const symbol of symbols) await expectSameBook(client, server, symbol);
    expect((await trade)?.value).toMatchObject({ type: "trade", id: 1 });
    expect((await quote)?.value).toMatchObject({ type: "quote", symbol: "XRPUSDT" });
    expect((await candle)?.value).toMatchObject({ type: "candle", symbol: "BTCUSDT" });
    expect(client.trouble).toEqual({ lostBooks: 0, missedTrades: 0 });
  });

  test("sees that an update is missing, says so, and has the right book again", async () => {
    await using server = await startTicker({
      ...stepped,
      faults: [{ kind: "drop", symbol: "BTCUSDT", at: 4 }],
    });
    await using client = await connectTicker(server.feedUrl, { symbols });
    await client.waitForBook("BTCUSDT");
    const lost = (async () => {
      for await (const news of client) if (news.type === "lost") return news;
      return undefined;
    })();
    await server.step(1_000);
    expect(await lost).toMatchObject({ symbol: "BTCUSDT", channel: "book", why: "6 came after 4" });
    await expectSameBook(client, server, "BTCUSDT");
    expect(client.trouble.lostBooks).toBe(1);
  });

  test("counts the trades that did not come", async () => {
    await using server = await startTicker({
      ...stepped,
      faults: [{ kind: "drop", channel: "trades", at: 2, times: 3 }],
    });
    await using client = await connectTicker(server.feedUrl, { symbols: ["BTCUSDT"] });
    await client.waitForBook("BTCUSDT");
    await server.step(5_000);
    await expectSameBook(client, server, "BTCUSDT");
    expect(client.trouble).toEqual({ lostBooks: 0, missedTrades: 3 });
  });

  test("dials anew when nothing comes any more, and has the right book again", async () => {
    await using server = await startTicker({
      ...stepped,
      clock: "running",
      faults: [{ kind: "stall", connection: 1 }],
    });
    await using client = await connectTicker(server.feedUrl, { symbols, silenceTimeoutMs: 1_500 });
    await client.waitForBook("BTCUSDT");
    for await (const news of client) if (news.type === "snapshot" && news.sequence > 1) break;
    expect(client.connections).toBe(2);
    expect(client.book("BTCUSDT").isRight).toBe(true);
  });

  test.each(["rst", "fin"] as const)("comes back after %s, and its book is right again", async (how) => {
    await using server = await startTicker(stepped);
    await using client = await connectTicker(server.feedUrl, { symbols });
    await client.waitForBook("BTCUSDT");
    await server.step(500);
    expect(server.dropConnection(1, how)).toBe(true);
    await server.step(500);
    for (const symbol of symbols) await expectSameBook(client, server, symbol);
    expect(client.connections).toBe(2);
    expect(client.trouble.lostBooks).toBe(2);
  });

  test("says why when the server does not want it: a token is missing", async () => {
    await using server = await startTicker({ ...stepped, token: "secret" });
    await expect(connectTicker(server.feedUrl, { symbols })).rejects.toMatchObject({ status: 401 });
    await using client = await connectTicker(`${server.feedUrl}?token=secret`, { symbols });
    await client.waitForBook("BTCUSDT");
  });

  test("has a right book after faults by chance on real sockets", async () => {
    await using server = await startTicker({ ...stepped, ordersPerSecond: 100 });
    await using client = await connectTicker(server.feedUrl, { symbols, silenceTimeoutMs: 300 });
    for (let seed = 0; seed < 20; seed++) {
      for (const fault of faultSchedule(seed, 4, symbols)) server.addFault(fault);
      await server.step(1_000);
      server.clearFaults();
      await server.step(1_100);
      for (const symbol of symbols) await expectSameBook(client, server, symbol);
    }
    expect(client.trouble.lostBooks).toBeGreaterThan(10);
  });
});

describe("through an interposer that spoils the connection", () => {
  test.each([
    ["resets it in the middle of a frame", { fault: "limit_data", bytes: 20_003, ending: "reset" }],
    ["closes it in the middle of a frame", { fault: "limit_data", bytes: 20_003, ending: "close" }],
    ["says nothing more after half a frame", { fault: "limit_data", bytes: 20_003, ending: "stall" }],
  ] as const)("which %s, no book is wrong, and all are right in the end", async (_, fault) => {
    await using server = await startTicker({ ...stepped, ordersPerSecond: 100 });
    await using between = await startInterposer({ target: `tcp://127.0.0.1:${server.port}` });
    between.rules.add({ ...fault, connection: 1 });
    await using client = await connectTicker(`ws://127.0.0.1:${between.port}/feed`, {
      symbols,
      silenceTimeoutMs: 300,
    });
    while (client.connections < 2) {
      await server.step(200);
      const { isRight, sequence, checksum } = client.book("BTCUSDT");
      const now = server.book("BTCUSDT");
      if (isRight && sequence === now.sequence) expect(checksum).toBe(now.checksum);
    }
    await server.step(500);
    for (const symbol of symbols) await expectSameBook(client, server, symbol);
  });
});

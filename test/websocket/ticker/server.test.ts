import { once } from "node:events";
import { createConnection } from "node:net";
import { describe, expect, test } from "vitest";
import { startTicker, type TickerFault, type TickerServer } from "portside/servers/websocket";
import { type Peer, peer } from "../peer.ts";

const stepped = { symbols: ["BTCUSDT", "XRPUSDT"], seed: 5, clock: "stepped" } as const;

type Message = Readonly<Record<string, unknown>>;

async function nextJson(client: Peer): Promise<Message> {
  return JSON.parse(String(await client.next())) as Message;
}

async function rest(server: TickerServer, path: string): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${server.url}/api/v3/${path}`);
  return { status: answer.status, body: await answer.json() };
}

/** All that comes over a connection until the market has gone on by a second. */
async function heardIn(server: TickerServer, client: Peer, ms: number): Promise<Message[]> {
  await server.step(ms);
  client.send('{"method":"LIST_SUBSCRIPTIONS","id":"end"}');
  const heard: Message[] = [];
  for (;;) {
    const message = await nextJson(client);
    if (message["id"] === "end") return heard;
    heard.push(message);
  }
}

describe("startTicker()", () => {
  test("says the same bytes for the same seed, however its clock is moved", async () => {
    const streams = ["trade", "bookTicker", "miniTicker", "kline_1s", "depth", "depth@100ms"];
    const path = streams.map((kind) => `btcusdt@${kind}`).join("/");
    const hear = async (seed: number, steps: readonly number[]): Promise<string> => {
      await using server = await startTicker({ ...stepped, seed });
      await using client = await peer(`${server.streamUrl}?streams=${path}`);
      const heard: Message[] = [];
      for (const ms of steps) heard.push(...(await heardIn(server, client, ms)));
      return JSON.stringify(heard);
    };
    const once = await hear(7, [3_000]);
    expect(once.length).toBeGreaterThan(10_000);
    for (const kind of streams) expect(once).toContain(`"btcusdt@${kind}"`);
    expect(await hear(7, [1, 99, 150, 1_000, 1_750])).toBe(once);
    expect(await hear(8, [3_000])).not.toBe(once);
  });

  test("its candles are those of its trades", async () => {
    await using server = await startTicker(stepped);
    await using client = await peer(`${server.streamUrl}?streams=btcusdt@trade/btcusdt@kline_1s`);
    const heard = (await heardIn(server, client, 20_000)).map(({ data }) => data as Message);
    const trades = heard.filter(({ e }) => e === "trade") as { T: number; p: string; q: string; t: number }[];
    const candles = heard
      .filter(({ e }) => e === "kline")
      .map(({ k }) => k as Record<string, number | string>);
    expect(candles).toHaveLength(20);
    for (const { t, o, h, l, c, v, n } of candles) {
      const within = trades.filter(({ T }) => T >= Number(t) && T < Number(t) + 1_000);
      expect(n).toBe(within.length);
      if (within.length === 0) continue;
      const prices = within.map(({ p }) => Number(p));
      expect([o, c].map(Number)).toEqual([prices[0], prices.at(-1)]);
      expect([h, l].map(Number)).toEqual([Math.max(...prices), Math.min(...prices)]);
      expect(Number(v)).toBeCloseTo(
        within.reduce((sum, { q }) => sum + Number(q), 0),
        4,
      );
    }
  });

  test("the address can name one stream, or several", async () => {
    await using server = await startTicker(stepped);
    await using client = await peer(`${server.url.replace("http", "ws")}/ws/btcusdt@trade/xrpusdt@trade`);
    const heard = await heardIn(server, client, 5_000);
    expect(new Set(heard.map(({ s }) => s))).toEqual(new Set(["BTCUSDT", "XRPUSDT"]));
  });

  test("refuses pages of another origin, and bytes", async () => {
    await using server = await startTicker(stepped);
    await expect(peer(server.feedUrl, [], { origin: "http://elsewhere.test" })).rejects.toThrow("403");
    await using client = await peer(server.feedUrl);
    client.send(Buffer.from("{}"));
    expect(await client.closed()).toEqual({ code: 1003, reason: "say it in text" });
  });
});

describe("the REST interface", () => {
  test("answers as the exchange does", async () => {
    await using server = await startTicker({ ...stepped, historyMs: 5_000 });
    const { sequence, bids, asks } = server.book("BTCUSDT");
    expect(await rest(server, "ping")).toEqual({ status: 200, body: {} });
    expect(await rest(server, "time")).toEqual({ status: 200, body: { serverTime: server.nowMs } });
    expect((await rest(server, "depth?symbol=BTCUSDT&limit=5")).body).toEqual({
      lastUpdateId: sequence,
      bids: bids.slice(0, 5),
      asks: asks.slice(0, 5),
    });
    expect((await rest(server, "exchangeInfo?symbol=BTCUSDT")).body).toMatchObject({
      symbols: [
        { symbol: "BTCUSDT", baseAsset: "BTC", filters: [{ tickSize: "0.01" }, { stepSize: "0.00001" }] },
      ],
    });
    expect((await rest(server, "klines?symbol=BTCUSDT&interval=1s&limit=3")).body).toHaveLength(3);
    expect((await rest(server, 'ticker/price?symbols=["XRPUSDT"]')).body).toMatchObject([
      { symbol: "XRPUSDT" },
    ]);
    expect((await rest(server, "ticker/bookTicker?symbol=BTCUSDT")).body).toMatchObject({
      bidPrice: bids[0]?.[0],
      askPrice: asks[0]?.[0],
    });
    expect((await rest(server, "trades?symbol=BTCUSDT&limit=1")).body).toHaveLength(1);
  });

  test.each([
    ["depth", 400, -1_102],
    ["depth?symbol=NOTHING", 400, -1_121],
    ["depth?symbol=BTCUSDT&limit=x", 400, -1_100],
    ["klines?symbol=BTCUSDT&interval=1d", 400, -1_120],
    ["account", 404, -1],
  ])("refuses %s", async (path, status, code) => {
    await using server = await startTicker(stepped);
    expect(await rest(server, path)).toMatchObject({ status, body: { code } });
  });

  test("shows a snapshot that is older than the stream when that is asked for", async () => {
    await using server = await startTicker({ ...stepped, historyMs: 5_000 });
    const { sequence } = server.book("BTCUSDT");
    server.addFault({ kind: "stale-snapshot", events: 20 });
    expect((await rest(server, "depth?symbol=BTCUSDT")).body).toMatchObject({ lastUpdateId: sequence - 20 });
    expect((await rest(server, "depth?symbol=BTCUSDT")).body).toMatchObject({ lastUpdateId: sequence });
  });
});

describe("faults", () => {
  test("are added, listed and cleared over HTTP", async () => {
    await using server = await startTicker(stepped);
    const url = `${server.url}/control/faults`;
    const post = (body: string): Promise<Response> => fetch(url, { method: "POST", body });
    expect((await post('{"kind":"drop","channel":"trades","at":2}')).status).toBe(201);
    expect((await post('{"kind":"rain"}')).status).toBe(400);
    expect((await post('{"kind":"drop","at":0}')).status).toBe(400);
    expect(await (await fetch(url)).json()).toEqual([{ kind: "drop", channel: "trades", at: 2 }]);
    await using client = await peer(`${server.streamUrl}?streams=btcusdt@trade`);
    const ids = (await heardIn(server, client, 5_000)).map(({ data }) => (data as { t: number }).t);
    expect(ids.slice(0, 3)).toEqual([1, 3, 4]);
    expect((await fetch(url, { method: "DELETE" })).status).toBe(204);
    expect(await (await fetch(url)).json()).toEqual([]);
  });

  test("duplicate, reorder and a crossed book happen to the n-th message, and to no other", async () => {
    interface Update {
      readonly u: number;
      readonly b: readonly (readonly [string, string])[];
    }
    const hear = async (faults: readonly TickerFault[]): Promise<Update[]> => {
      await using server = await startTicker({ ...stepped, faults });
      await using client = await peer(`${server.streamUrl}?streams=btcusdt@depth@100ms`);
      return (await heardIn(server, client, 1_000)).map(({ data }) => data as Update);
    };
    const right = await hear([]);
    const wrong = await hear([
      { kind: "duplicate", at: 2 },
      { kind: "reorder", at: 4 },
      { kind: "crossed-book", at: 6 },
    ]);
    const [one, two, three, four, five, six, ...others] = right;
    expect(wrong.slice(0, 6)).toEqual([one, two, two, three, five, four]);
    expect(wrong[6]).toEqual({ ...six, b: [...six!.b, expect.anything()] });
    const bids = right.flatMap(({ b }) => b).map(([price]) => Number(price));
    expect(Number(wrong[6]!.b.at(-1)![0])).toBeGreaterThan(Math.max(...bids));
    expect(wrong.slice(7)).toEqual(others);
  });

  test("a stall says nothing more, answers included, until it is ended; others hear all", async () => {
    await using server = await startTicker(stepped);
    await using one = await peer(`${server.streamUrl}?streams=btcusdt@depth@100ms`);
    await using other = await peer(`${server.streamUrl}?streams=btcusdt@depth@100ms`);
    const end = server.addFault({ kind: "stall", connection: 1, at: 3 });
    expect((await heardIn(server, other, 2_000)).length).toBeGreaterThan(10);
    end();
    expect(await heardIn(server, one, 0)).toHaveLength(2);
  });

  test("a heartbeat stops, and everything else goes on", async () => {
    await using server = await startTicker({ ...stepped, faults: [{ kind: "stopped-heartbeat", at: 2 }] });
    await using client = await peer(server.feedUrl);
    client.send('{"type":"subscribe","channels":["candles"],"symbols":["BTCUSDT"]}');
    await nextJson(client);
    await server.step(4_000);
    const types = (await client.take(5)).map((text) => (JSON.parse(String(text)) as { type: string }).type);
    expect(types).toEqual(["candle", "heartbeat", "candle", "candle", "candle"]);
  });

  test("cut resets the connection after the n-th message", async () => {
    await using server = await startTicker({ ...stepped, faults: [{ kind: "cut", at: 3 }] });
    await using client = await peer(`${server.streamUrl}?streams=btcusdt@depth@100ms`);
    await server.step(1_000);
    expect((await client.closed()).code).toBe(1006);
  });

  test("rules are about what clients say", async () => {
    await using server = await startTicker(stepped);
    server.rules.add({ on: /SUBSCRIBE/, times: { first: 1 }, fault: "reset_peer" });
    await using client = await peer(server.streamUrl);
    client.send('{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}');
    expect((await client.closed()).code).toBe(1006);
    await using second = await peer(server.streamUrl);
    second.send('{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}');
    expect(await nextJson(second)).toEqual({ result: null, id: 1 });
  });
});

describe("a reader that does not read", () => {
  /** A connection whose bytes nobody takes. */
  async function deaf(
    server: TickerServer,
    streams: readonly string[],
  ): Promise<AsyncDisposable & { readAll(): Promise<number> }> {
    const socket = createConnection({ host: "127.0.0.1", port: server.port });
    await once(socket, "connect");
    socket.write(
      `GET /stream?streams=${streams.join("/")} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    );
    await expect.poll(() => server.readers.length).toBeGreaterThan(0);
    return {
      readAll: async () => {
        let bytes = 0;
        socket.on("error", () => {});
        for await (const chunk of socket) bytes += (chunk as Buffer).length;
        return bytes;
      },
      [Symbol.asyncDispose]: async () => void socket.destroy(),
    };
  }

  const busy = { ...stepped, ordersPerSecond: 500, quoteBufferBytes: 20_000 };

  test("of quotes is told only the latest of each symbol, and stays", async () => {
    await using server = await startTicker(busy);
    await using reader = await deaf(server, ["btcusdt@bookTicker", "xrpusdt@bookTicker"]);
    await expect
      .poll(
        async () => {
          await server.step(10_000);
          return server.counters.conflated;
        },
        { timeout: 30_000, interval: 1 },
      )
      .toBeGreaterThan(1_000);
    const [state] = server.readers;
    expect(state).toMatchObject({ isSlow: true, conflated: server.counters.conflated });
    // What waits is what could not be taken back, and not more with every quote.
    expect(state!.bufferedBytes).toBeLessThan(1_048_576);
    expect(server.counters.closedSlow).toBe(0);
    void reader;
  });

  test("of trades and depth is closed with 1008 when too much waits", async () => {
    await using server = await startTicker({ ...busy, maxBufferedBytes: 200_000 });
    await using reader = await deaf(server, ["btcusdt@trade", "btcusdt@depth@100ms"]);
    await expect
      .poll(
        async () => {
          await server.step(10_000);
          return server.counters.closedSlow;
        },
        { timeout: 30_000, interval: 1 },
      )
      .toBe(1);
    expect(server.transcript.text()).toContain("close 1008 slow consumer");
    expect(server.counters.conflated).toBe(0);
    void reader;
  });

  test("is closed when it was slow for too long", async () => {
    await using server = await startTicker({ ...busy, slowReaderTimeoutMs: 50, maxBufferedBytes: 1e9 });
    await using reader = await deaf(server, ["btcusdt@trade", "btcusdt@bookTicker", "btcusdt@depth@100ms"]);
    await expect
      .poll(
        async () => {
          await server.step(5_000);
          return server.counters.closedSlow;
        },
        { timeout: 30_000, interval: 1 },
      )
      .toBe(1);
    void reader;
  });
});

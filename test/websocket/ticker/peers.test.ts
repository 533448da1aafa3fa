import { MainClient, WebsocketClient } from "binance";
import { describe, expect, test } from "vitest";
import { DepthKeeper, type DepthSnapshot, type DepthUpdate } from "portside/clients/websocket";
import { startTicker, type TickerServer } from "portside/servers/websocket";
import { needs, python, runTool } from "../../peers/tools.ts";
import { peer } from "../peer.ts";

/* Somebody else's clients, unchanged. */

const stepped = { symbols: ["BTCUSDT", "XRPUSDT"], seed: 5, clock: "stepped" } as const;

describe("npm binance", () => {
  /** The exchange's own client library, told where the ticker is and nothing else. */
  function binance(server: TickerServer): { ws: WebsocketClient; [Symbol.asyncDispose](): Promise<void> } {
    const ws = new WebsocketClient(
      { beautify: true, wsUrl: server.streamUrl.replace(/\/stream$/, "") },
      { trace: () => {}, info: () => {}, error: () => {} },
    );
    return {
      ws,
      [Symbol.asyncDispose]: async () => {
        ws.closeAll(true);
        await Promise.resolve();
      },
    };
  }

  test("subscribes, and understands every stream", async () => {
    await using server = await startTicker(stepped);
    await using client = binance(server);
    const streams = ["trade", "bookTicker", "miniTicker", "kline_1s", "depth@100ms"].map(
      (kind) => `btcusdt@${kind}`,
    );
    const seen = new Map<string, unknown>();
    const all = Promise.withResolvers<void>();
    client.ws.on("formattedMessage", (message) => {
      const { eventType = "bookTicker" } = message as { eventType?: string };
      seen.set(eventType, message);
      if (seen.size === streams.length) all.resolve();
    });
    client.ws.on("exception", (error) => all.reject(new Error(JSON.stringify(error))));
    const answered = new Promise((resolve) => client.ws.on("response", resolve));
    await client.ws.subscribe(streams, "main");
    await answered;
    await server.step(3_000);
    await all.promise;
    expect(seen.get("trade")).toMatchObject({
      symbol: "BTCUSDT",
      price: expect.any(Number),
      maker: expect.any(Boolean),
    });
    expect(seen.get("bookTicker")).toMatchObject({ symbol: "BTCUSDT", bidPrice: expect.any(Number) });
    expect(seen.get("24hrMiniTicker")).toMatchObject({ symbol: "BTCUSDT", close: expect.any(Number) });
    expect(seen.get("kline")).toMatchObject({ symbol: "BTCUSDT", kline: { interval: "1s", final: true } });
    expect(seen.get("depthUpdate")).toMatchObject({ symbol: "BTCUSDT", firstUpdateId: expect.any(Number) });
  });

  test("keeps the server's book by streams and REST, through a gap", async () => {
    await using server = await startTicker({ ...stepped, ordersPerSecond: 100 });
    const api = new MainClient({ baseUrl: server.url });
    await using client = binance(server);
    const keeper = new DepthKeeper(2, 5);
    let lost = 0;
    const arrived: DepthUpdate[] = [];
    client.ws.on("message", (message) => {
      const { data = message } = message as { data?: unknown };
      const update = data as DepthUpdate & { e?: string };
      if (update.e === "depthUpdate") arrived.push(update);
    });
    const answered = new Promise((resolve) => client.ws.on("response", resolve));
    await client.ws.subscribe("btcusdt@depth@100ms", "main");
    await answered;
    server.addFault({ kind: "drop", at: 15 });
    for (let second = 0; second < 4; second++) {
      const before = arrived.length;
      await server.step(1_000);
      await expect.poll(() => arrived.length).toBeGreaterThanOrEqual(before + 9);
      for (const update of arrived.splice(0)) if (typeof keeper.hear(update) === "object") lost++;
      if (!keeper.isRight) {
        const snapshot = await api.getOrderBook({ symbol: "BTCUSDT", limit: 5_000 });
        keeper.begin(snapshot as unknown as DepthSnapshot);
      }
      const { sequence, checksum } = server.book("BTCUSDT");
      expect({ sequence: keeper.sequence, checksum: keeper.book.checksum }).toEqual({ sequence, checksum });
    }
    expect(lost).toBe(1);
  });

  test("asks the REST interface", async () => {
    await using server = await startTicker({ ...stepped, historyMs: 3_000 });
    const api = new MainClient({ baseUrl: server.url });
    expect(await api.testConnectivity()).toEqual({});
    const info = await api.getExchangeInfo();
    expect(info.symbols.map(({ symbol }) => symbol)).toEqual(["BTCUSDT", "XRPUSDT"]);
    expect(await api.getKlines({ symbol: "BTCUSDT", interval: "1s", limit: 2 })).toHaveLength(2);
    await expect(api.getOrderBook({ symbol: "NOTHING" })).rejects.toMatchObject({ code: -1_121 });
  });
});

test("npm ws hears the streams", async () => {
  await using server = await startTicker(stepped);
  await using client = await peer(server.streamUrl);
  client.send('{"method":"SUBSCRIBE","params":["xrpusdt@bookTicker"],"id":1}');
  expect(JSON.parse(String(await client.next()))).toEqual({ result: null, id: 1 });
  await server.step(2_000);
  expect(JSON.parse(String(await client.next()))).toMatchObject({
    stream: "xrpusdt@bookTicker",
    data: { s: "XRPUSDT" },
  });
});

test("Node's own WebSocket hears the simple dialect", async () => {
  await using server = await startTicker(stepped);
  const socket = new WebSocket(server.feedUrl);
  const types: string[] = [];
  const beat = new Promise<void>((resolve) =>
    socket.addEventListener("message", ({ data }) => {
      types.push((JSON.parse(String(data)) as { type: string }).type);
      if (types.at(-1) === "snapshot") void server.step(1_000);
      if (types.at(-1) === "heartbeat") resolve();
    }),
  );
  socket.addEventListener("open", () =>
    socket.send('{"type":"subscribe","channels":["book"],"symbols":["BTCUSDT"]}'),
  );
  await beat;
  expect(types.slice(0, 3)).toEqual(["subscribed", "snapshot", "update"]);
  socket.close();
});

const pythonClient = `
import asyncio, json, sys, websockets
async def main():
    async with websockets.connect(sys.argv[1]) as ws:
        await ws.send(json.dumps({"type": "subscribe", "channels": ["book"], "symbols": ["BTCUSDT"]}))
        book = {"bids": {}, "asks": {}}
        async for text in ws:
            message = json.loads(text)
            if message["type"] == "heartbeat" and message["sequence"] > 1:
                print(json.dumps({"sequence": sequence, **{side: sorted(levels.items()) for side, levels in book.items()}}))
                return
            for side in ("bids", "asks"):
                for price, quantity in message.get(side, []):
                    book[side][price] = quantity
                    if float(quantity) == 0: del book[side][price]
            sequence = message.get("sequence")
            if message["type"] == "snapshot": print("subscribed", flush=True)
asyncio.run(main())
`;

test("Python's websockets keeps the server's book", needs(python), async () => {
  await using server = await startTicker(stepped);
  const running = runTool(python, ["-c", pythonClient, server.feedUrl]);
  await expect.poll(() => server.readers[0]?.topics.length ?? 0, { timeout: 20_000 }).toBe(2);
  await server.step(1_000);
  const { stdout } = await running;
  const kept = JSON.parse(stdout.split("\n")[1] ?? "") as {
    sequence: number;
    bids: string[][];
    asks: string[][];
  };
  const { sequence, bids, asks } = server.book("BTCUSDT");
  const sorted = (levels: readonly (readonly string[])[]): string[][] =>
    levels.map((level) => [...level]).sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
  expect(kept).toEqual({ sequence, bids: sorted(bids), asks: sorted(asks) });
});

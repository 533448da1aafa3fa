import { beforeAll, describe } from "vitest";
import { startTicker, type TickerServer } from "portside/servers/websocket";
import { exchanges } from "../../vitest/exchanges.ts";

const symbols = ["BTCUSDT", "XRPUSDT"];

describe("startTicker(), whose market stands still", () => {
  let ticker: TickerServer;
  beforeAll(async () => {
    ticker = await startTicker({ symbols, clock: "stepped" });
    return () => ticker.close({ graceMs: 0 });
  });
  exchanges("test/exchanges/ticker/feed-*.exchange", { target: () => ticker.feedUrl });
  exchanges("test/exchanges/ticker/stream-*.exchange", { target: () => ticker.streamUrl });
});

describe("startTicker(), whose market goes on", () => {
  let ticker: TickerServer;
  beforeAll(async () => {
    ticker = await startTicker({ symbols });
    return () => ticker.close({ graceMs: 0 });
  });
  exchanges("test/exchanges/ticker/live-*.exchange", { target: () => ticker.streamUrl });
});

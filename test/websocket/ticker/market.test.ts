import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LevelBook } from "../../../wire/level-book.ts";
import { Market } from "../../../servers/websocket/ticker/market.ts";
import type { MarketEvent } from "../../../servers/websocket/ticker/market-event.ts";
import { type IncomingOrder, OrderBook } from "../../../servers/websocket/ticker/order-book.ts";
import { seededMarkets } from "../../../servers/websocket/ticker/source.ts";
import { resolveSymbols } from "../../../servers/websocket/ticker/symbols.ts";
import { replayTape, tapeHead, tapeLine } from "../../../servers/websocket/ticker/tape.ts";

const options = { seed: 1, opensAtMs: 1_000_000, ordersPerSecond: 20 };

const orders = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("place" as const),
      side: fc.constantFrom("bid" as const, "ask" as const),
      price: fc.option(fc.integer({ min: 90, max: 110 }), { nil: undefined }),
      quantity: fc.integer({ min: 1, max: 50 }),
      spareLevels: fc.integer({ min: 0, max: 3 }),
    }),
    fc.record({ kind: fc.constant("cancel" as const), index: fc.nat(60) }),
  ),
  { maxLength: 200 },
);

describe("the order book, whatever orders come", () => {
  test("never has a bid at or above an ask, and its levels are the sums of its orders", () => {
    fc.assert(
      fc.property(orders, (placed) => {
        const book = new OrderBook();
        const told = new LevelBook();
        for (const order of placed) {
          for (const { side, price, quantity } of act(book, order)) told.set(side, price, quantity);
          expect(book.levels.isCrossed).toBe(false);
          expect(told.checksum).toBe(book.levels.checksum);
        }
        const sums = new LevelBook();
        for (let index = 0; index < book.count; index++) {
          const { side, price, quantity } = book.orderAt(index)!;
          expect(quantity).toBeGreaterThan(0);
          sums.set(side, price, sums.quantityAt(side, price) + quantity);
        }
        expect(sums.levels("bid")).toEqual(book.levels.levels("bid"));
        expect(sums.levels("ask")).toEqual(book.levels.levels("ask"));
      }),
    );
  });

  test("fills an order at the best prices first, at no worse price than it asked for, and never more than it", () => {
    fc.assert(
      fc.property(orders, (placed) => {
        const book = new OrderBook();
        for (const order of placed) {
          if (order.kind === "cancel") {
            act(book, order);
            continue;
          }
          const { side, price, quantity } = order;
          const other = side === "bid" ? "ask" : "bid";
          const before = new Map(book.levels.levels(other).map((level) => [level.price, level.quantity]));
          const { fills } = book.place(placing(order));
          const filled = fills.reduce((sum, fill) => sum + fill.quantity, 0);
          expect(filled).toBeLessThanOrEqual(quantity);
          const prices = fills.map((fill) => fill.price);
          expect(prices).toEqual(prices.toSorted((a, b) => (side === "bid" ? a - b : b - a)));
          if (price !== undefined)
            for (const paid of prices) expect(side === "bid" ? paid <= price : paid >= price).toBe(true);
          for (const [at, there] of before) {
            const taken = fills
              .filter((fill) => fill.price === at)
              .reduce((sum, fill) => sum + fill.quantity, 0);
            expect(book.levels.quantityAt(other, at)).toBe(there - taken);
          }
        }
      }),
    );
  });

  test("serves who came first at a price", () => {
    const book = new OrderBook();
    book.place({ side: "ask", price: 100, quantity: 2 });
    book.place({ side: "ask", price: 100, quantity: 5 });
    book.place({ side: "bid", price: 100, quantity: 3 });
    expect([0, 1].map((index) => book.orderAt(index)?.quantity)).toEqual([4, undefined]);
  });
});

describe("a seeded market", () => {
  test("never has a bid at or above an ask, keeps levels on both sides, and counts without gaps", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.constantFrom("BTCUSDT", "XRPUSDT", "ANYTHING"), (seed, name) => {
        const market = new Market(resolveSymbols([name])[0]!, { ...options, seed });
        const told = new LevelBook();
        let lastTrade = 0;
        let lastMs = 0;
        for (let count = 1; count <= 500; count++) {
          const event = market.next();
          expect(event.sequence).toBe(count);
          expect(event.timeMs).toBeGreaterThan(lastMs);
          lastMs = event.timeMs;
          for (const { side, price, quantity } of event.changes) told.set(side, price, quantity);
          for (const trade of event.trades) expect(trade.id).toBe(++lastTrade);
          expect(told.isCrossed).toBe(false);
          expect(Math.min(told.depth("bid"), told.depth("ask"))).toBeGreaterThanOrEqual(10);
        }
        expect(told.checksum).toBe(market.book.levels.checksum);
        expect(lastTrade).toBeGreaterThan(20);
      }),
      { numRuns: 40 },
    );
  });

  test("says the same for the same seed, however time is cut into steps, and something else for another", () => {
    const lines = (seed: number, stepMs: number): string => {
      const source = seededMarkets(resolveSymbols(["BTCUSDT", "ETHUSDT", "DOGEUSDT"]), { ...options, seed });
      const events: MarketEvent[] = [];
      for (let nowMs = 0; nowMs <= 60_000; nowMs += stepMs)
        events.push(...source.advance(options.opensAtMs + nowMs));
      return events.map(tapeLine).join("\n");
    };
    const once = lines(7, 1_000);
    expect(once.length).toBeGreaterThan(100_000);
    expect(lines(7, 50)).toBe(once);
    expect(lines(7, 60_000)).toBe(once);
    expect(lines(8, 60_000)).not.toBe(once);
  });

  test("trades around its beginning for hours", () => {
    const [symbol] = resolveSymbols(["BTCUSDT"]);
    const market = new Market(symbol!, { ...options, seed: 3 });
    const prices = new Set<number>();
    for (let count = 0; count < 100_000; count++)
      for (const { price } of market.next().trades) prices.add(price);
    expect(Math.min(...prices)).toBeGreaterThan(symbol!.startPrice / 3);
    expect(Math.max(...prices)).toBeLessThan(symbol!.startPrice * 3);
    expect(prices.size).toBeGreaterThan(5_000);
  });
});

describe("a tape", () => {
  test("plays what was recorded", () => {
    const recorded = seededMarkets(resolveSymbols(["BTCUSDT", "XRPUSDT"]), options);
    const head = tapeHead(recorded);
    const events = recorded.advance(options.opensAtMs + 5_000);
    const played = replayTape(`${[head, ...events.map(tapeLine)].join("\n")}\n`);
    expect(played.symbols).toEqual(recorded.symbols);
    expect(played.advance(options.opensAtMs + 2_000).length).toBeGreaterThan(10);
    const again = replayTape([head, ...events.map(tapeLine)].join("\n"));
    expect(again.advance(options.opensAtMs + 5_000)).toEqual(events);
    expect(again.advance(options.opensAtMs + 9_000)).toEqual([]);
  });

  test.each(["", "hello", '{"tape":"else"}'])("is not %j", (text) => {
    expect(() => replayTape(text)).toThrow(expect.objectContaining({ code: "PROTOCOL_VIOLATION" }));
  });

  test("has no line that is no event", () => {
    const head = tapeHead(seededMarkets(resolveSymbols(["BTCUSDT"]), options));
    expect(() => replayTape(`${head}\n["BTCUSDT",1,2,[["x",1,2]],[]]`)).toThrow(/\["x",1,2\]/);
  });
});

describe("symbols", () => {
  test("are read with what they are traded for", () => {
    expect(resolveSymbols(["ETHBTC", { symbol: "TEAEUR", price: "12.50" }])).toMatchObject([
      { symbol: "ETHBTC", baseAsset: "ETH", quoteAsset: "BTC" },
      { symbol: "TEAEUR", baseAsset: "TEA", quoteAsset: "EUR", priceDecimals: 2, startPrice: 1_250 },
    ]);
  });

  test.each([
    [[], /empty/],
    [["btcusdt"], /capitals/],
    [["BTCUSDT", "BTCUSDT"], /twice/],
    [[{ symbol: "TEAEUR", price: "1" }], /ticks/],
  ])("cannot be %j", (symbols, complaint) => {
    expect(() => resolveSymbols(symbols)).toThrow(complaint);
  });
});

type Placed = Extract<Parameters<typeof act>[1], { kind: "place" }>;

function act(
  book: OrderBook,
  order:
    | { kind: "cancel"; index: number }
    | {
        kind: "place";
        side: "bid" | "ask";
        price: number | undefined;
        quantity: number;
        spareLevels: number;
      },
): ReturnType<OrderBook["place"]>["changes"] {
  if (order.kind === "place") return book.place(placing(order)).changes;
  const resting = book.orderAt(order.index);
  return resting ? book.cancel(resting).changes : [];
}

function placing({ side, price, quantity, spareLevels }: Placed): IncomingOrder {
  return { side, quantity, spareLevels, ...(price !== undefined && { price }) };
}

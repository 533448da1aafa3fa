import type { BookSide } from "../../../wire/level-book.ts";
import type { MarketEvent } from "./market-event.ts";
import { type Execution, OrderBook, type OrderBookState } from "./order-book.ts";
import { Random } from "./random.ts";
import type { TickerSymbol } from "./symbols.ts";

/** How a market goes. */
export interface MarketOptions {
  readonly seed: number;
  /** When it opens, in milliseconds since the epoch. */
  readonly opensAtMs: number;
  /** How many orders come in a second, on average. */
  readonly ordersPerSecond: number;
}

/** Everything that a market is made of, beside its symbol. */
export interface MarketState {
  readonly book: OrderBookState;
  readonly random: readonly number[];
  readonly mood: number;
  readonly timeMs: number;
  readonly sequence: number;
  readonly lastTrade: number;
}

/** Levels of each side at the beginning, and the fewest that are left. */
const openingLevels = 40;
const fewestLevels = 12;
/** Orders of each side above which more are cancelled than placed. */
const crowd = 150;
/** How far the mood can swing, in percent of the orders that come on one side rather than on the other. */
const strongestMood = 22;

/**
 * The market of one symbol: orders come by chance, seeded, and meet in a limit-order book. Prices are not drawn, they
 * are what the orders do to one another. A mood swings slowly, so that there are more buyers at one time and more
 * sellers at another.
 */
export class Market {
  readonly symbol: TickerSymbol;
  readonly book = new OrderBook();
  readonly #random: Random;
  readonly #meanGapMs: number;
  /** A distance of prices that counts: 1 tick of 20,000. */
  readonly #step: number;
  /** How much is ordered at once, in lots: about 1,000 units of money. */
  readonly #usualLots: number;
  #mood = 0;
  #timeMs: number;
  #sequence = 0;
  #lastTrade = 0;

  constructor(symbol: TickerSymbol, { seed, opensAtMs, ordersPerSecond }: MarketOptions) {
    this.symbol = symbol;
    this.#random = new Random(seed, symbol.symbol);
    this.#meanGapMs = 1_000 / ordersPerSecond;
    this.#step = Math.max(1, Math.round(symbol.startPrice / 20_000));
    const lotsPerPrice = 10 ** (symbol.priceDecimals + symbol.quantityDecimals);
    this.#usualLots = Math.max(2, Math.round((1_000 * lotsPerPrice) / symbol.startPrice));
    this.#timeMs = opensAtMs;
  }

  /** When the next order comes. The market opens with the first event. */
  get nextAtMs(): number {
    return this.#timeMs;
  }

  /** All that it is now, to go on from there later. */
  save(): MarketState {
    return {
      book: this.book.save(),
      random: this.#random.save(),
      mood: this.#mood,
      timeMs: this.#timeMs,
      sequence: this.#sequence,
      lastTrade: this.#lastTrade,
    };
  }

  restore(state: MarketState): void {
    this.book.restore(state.book);
    this.#random.restore(state.random);
    this.#mood = state.mood;
    this.#timeMs = state.timeMs;
    this.#sequence = state.sequence;
    this.#lastTrade = state.lastTrade;
  }

  /** Let the next order come. */
  next(): MarketEvent {
    const isOpening = this.#sequence === 0;
    const timeMs = this.#timeMs;
    const { fills, changes } = isOpening ? this.#open() : this.#order();
    this.#timeMs += 1 + this.#random.below(2 * this.#meanGapMs - 1);
    return {
      symbol: this.symbol.symbol,
      sequence: ++this.#sequence,
      timeMs,
      changes,
      trades: fills.map((fill) => ({ id: ++this.#lastTrade, ...fill })),
    };
  }

  #open(): Execution {
    const { startPrice } = this.symbol;
    let bid = startPrice;
    let ask = startPrice;
    for (let level = 0; level < openingLevels; level++) {
      bid -= 1 + this.#random.low(2 * this.#step);
      ask += 1 + this.#random.low(2 * this.#step);
      this.book.place({ side: "bid", price: bid, quantity: this.#lots(3 + level) });
      this.book.place({ side: "ask", price: ask, quantity: this.#lots(3 + level) });
    }
    const changes = (["bid", "ask"] as const).flatMap((side) =>
      this.book.levels.levels(side).map((level) => ({ side, ...level })),
    );
    return { fills: [], changes };
  }

  #order(): Execution {
    this.#swing();
    const side: BookSide = this.#random.percent(50 + this.#mood) ? "bid" : "ask";
    const other = side === "bid" ? "ask" : "bid";
    const isThin = this.book.levels.depth(side) < fewestLevels + 8;
    const kind = this.#random.below(100);
    if (isThin || kind < 46) return this.#limit(side);
    if (kind < 62 && this.book.levels.depth(other) > fewestLevels) return this.#market(side);
    return this.#cancel() ?? this.#limit(side);
  }

  /** The mood swings by itself, and back when the price has gone far. */
  #swing(): void {
    const last = this.book.levels.best("bid")?.price ?? this.symbol.startPrice;
    const pull = last > this.symbol.startPrice * 1.5 ? -1 : last < this.symbol.startPrice / 1.5 ? 1 : 0;
    const swung = this.#mood + this.#random.below(3) - 1 + (this.#random.percent(30) ? pull : 0);
    this.#mood = Math.max(-strongestMood, Math.min(strongestMood, swung));
  }

  /** Mostly behind the best price of its side, sometimes better than that, rarely so good that it trades. */
  #limit(side: BookSide): Execution {
    const bestBid = this.book.levels.best("bid")?.price ?? this.symbol.startPrice - 1;
    const bestAsk = this.book.levels.best("ask")?.price ?? this.symbol.startPrice + 1;
    const spread = bestAsk - bestBid;
    const kind = this.#random.below(100);
    const better =
      kind < 6
        ? spread + this.#random.low(2 * this.#step)
        : kind < 40
          ? this.#random.below(spread)
          : -this.#random.low(50 * this.#step);
    const price = side === "bid" ? bestBid + better : bestAsk - better;
    return this.book.place({
      side,
      price: Math.max(1, price),
      quantity: this.#lots(4),
      spareLevels: fewestLevels,
    });
  }

  #market(side: BookSide): Execution {
    return this.book.place({ side, quantity: this.#lots(6), spareLevels: fewestLevels });
  }

  #cancel(): Execution | undefined {
    const order = this.book.orderAt(this.#random.below(this.book.count));
    if (order === undefined || this.book.levels.depth(order.side) <= fewestLevels) return undefined;
    const isCrowded = this.book.count > 2 * crowd;
    return isCrowded || this.#random.percent(80) ? this.book.cancel(order) : undefined;
  }

  #lots(most: number): number {
    return 1 + this.#random.low(this.#usualLots * most);
  }
}

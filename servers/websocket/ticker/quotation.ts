import { type BookLevel, LevelBook } from "../../../wire/level-book.ts";
import type { MarketEvent, Trade } from "./market-event.ts";
import type { TickerSymbol } from "./symbols.ts";

/** What was traded in a span of time: prices in ticks, volumes in lots and in lots times ticks. */
export interface Candle {
  readonly openTimeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly quoteVolume: number;
  /** Of the volume, what those bought who came and took it. */
  readonly takerVolume: number;
  readonly takerQuoteVolume: number;
  readonly firstTrade: number;
  readonly lastTrade: number;
  readonly trades: number;
}

/** A trade, and when it was. */
export interface TimedTrade extends Trade {
  readonly timeMs: number;
}

/** What the book was before one event. */
interface Undo {
  readonly sequence: number;
  readonly before: readonly BookLevel[];
}

const keptTrades = 500;
const keptCandles = 500;
const keptUndos = 200;

/** What is known of one symbol, made of its events and of nothing else. */
export class Quotation {
  readonly symbol: TickerSymbol;
  readonly book = new LevelBook();
  /** The newest trades, oldest first; at least 500 once there were so many. */
  readonly trades: TimedTrade[] = [];
  /** Seconds that are over, oldest first. */
  readonly candles: Candle[] = [];
  /** All since the market opened. */
  day: Candle;
  /** The second that is not over. */
  second: Candle;
  sequence = 0;
  timeMs: number;
  readonly #undos: Undo[] = [];

  constructor(symbol: TickerSymbol, opensAtMs: number) {
    this.symbol = symbol;
    this.timeMs = opensAtMs;
    this.day = emptyCandle(opensAtMs, symbol.startPrice, 0);
    this.second = this.day;
  }

  /** The price of the last trade, in ticks. */
  get last(): number {
    return this.day.close;
  }

  apply({ sequence, timeMs, changes, trades }: MarketEvent): void {
    this.sequence = sequence;
    this.timeMs = timeMs;
    const before = changes.map(({ side, price, quantity }) => ({
      side,
      price,
      quantity: this.book.set(side, price, quantity),
    }));
    this.#undos.push({ sequence, before });
    if (this.#undos.length >= 2 * keptUndos) this.#undos.splice(0, keptUndos);
    for (const trade of trades) {
      this.day = addTrade(this.day, trade);
      this.second = addTrade(this.second, trade);
      this.trades.push({ ...trade, timeMs });
      if (this.trades.length >= 2 * keptTrades) this.trades.splice(0, keptTrades);
    }
  }

  /** The second is over. @returns its candle */
  closeSecond(endMs: number): Candle {
    const closed = this.second;
    this.candles.push(closed);
    if (this.candles.length >= 2 * keptCandles) this.candles.splice(0, keptCandles);
    this.second = emptyCandle(endMs, closed.close, closed.lastTrade);
    return closed;
  }

  /** The book as it was some events ago, 200 at most; 0 for now. */
  seen(eventsAgo: number): { readonly book: LevelBook; readonly sequence: number } {
    if (eventsAgo === 0) return { book: this.book, sequence: this.sequence };
    const book = this.book.copy();
    let sequence = this.sequence;
    for (const undo of this.#undos.slice(-eventsAgo).toReversed()) {
      for (const { side, price, quantity } of undo.before.toReversed()) book.set(side, price, quantity);
      sequence = undo.sequence - 1;
    }
    return { book, sequence };
  }

  /** Begin in the middle: what another process knows. */
  restore(
    kept: Pick<Quotation, "sequence" | "timeMs" | "day" | "second"> & {
      readonly levels: readonly BookLevel[];
    },
  ): void {
    this.book.clear();
    this.#undos.length = 0;
    for (const { side, price, quantity } of kept.levels) this.book.set(side, price, quantity);
    this.sequence = kept.sequence;
    this.timeMs = kept.timeMs;
    this.day = kept.day;
    this.second = kept.second;
  }
}

/** A span in which nothing was traded: all its prices are the last one. */
function emptyCandle(openTimeMs: number, price: number, lastTrade: number): Candle {
  const prices = { open: price, high: price, low: price, close: price };
  const volumes = { volume: 0, quoteVolume: 0, takerVolume: 0, takerQuoteVolume: 0 };
  return { openTimeMs, ...prices, ...volumes, firstTrade: lastTrade, lastTrade, trades: 0 };
}

function addTrade(candle: Candle, { id, price, quantity, isBuyerMaker }: Trade): Candle {
  const isFirst = candle.trades === 0;
  const taken = isBuyerMaker ? 0 : quantity;
  return {
    openTimeMs: candle.openTimeMs,
    open: isFirst ? price : candle.open,
    high: isFirst ? price : Math.max(candle.high, price),
    low: isFirst ? price : Math.min(candle.low, price),
    close: price,
    volume: candle.volume + quantity,
    quoteVolume: candle.quoteVolume + quantity * price,
    takerVolume: candle.takerVolume + taken,
    takerQuoteVolume: candle.takerQuoteVolume + taken * price,
    firstTrade: isFirst ? id : candle.firstTrade,
    lastTrade: id,
    trades: candle.trades + 1,
  };
}

import type { BookLevel } from "../../../wire/level-book.ts";
import {
  bookTickerText,
  depthUpdateText,
  klineText,
  miniTickerText,
  streamName,
  tradeText,
} from "./exchange-dialect.ts";
import type { MarketEvent } from "./market-event.ts";
import { Quotation } from "./quotation.ts";
import {
  candleText,
  heartbeatText,
  quoteText,
  simpleTopic,
  simpleTradeText,
  updateText,
} from "./simple-dialect.ts";
import type { MarketSource } from "./source.ts";
import type { Publication, TickerChannel } from "./topic.ts";

/** Who is told, and whether anybody listens: what nobody listens to is not written. */
export interface Publicity {
  hasSubscribers(topic: string): boolean;
  publish(publication: Publication): void;
}

/** How often changes of the books are collected for those who asked for it, in milliseconds of the market. */
const collectMs = 100;
const secondMs = 1_000;

/**
 * Makes the messages of every topic out of the events of a market. What is collected goes out at whole tenths and
 * whole seconds of the market's time, so the messages do not depend on when the events came here.
 */
export class Publisher {
  readonly quotations: ReadonlyMap<string, Quotation>;
  /** The market's time. */
  nowMs: number;
  readonly #publicity: Publicity;
  readonly #desks: readonly Desk[];
  readonly #deskOf: ReadonlyMap<string, Desk>;

  constructor({ symbols, opensAtMs }: Pick<MarketSource, "symbols" | "opensAtMs">, publicity: Publicity) {
    this.#publicity = publicity;
    this.#desks = symbols.map((symbol) => new Desk(new Quotation(symbol, opensAtMs)));
    this.#deskOf = new Map(this.#desks.map((desk) => [desk.quotation.symbol.symbol, desk]));
    this.quotations = new Map([...this.#deskOf].map(([name, desk]) => [name, desk.quotation]));
    this.nowMs = opensAtMs;
  }

  /** Tell what happened up to a moment. */
  advance(events: readonly MarketEvent[], toMs: number): void {
    for (const event of events) {
      this.#passTime(event.timeMs);
      this.#tell(event);
    }
    // What happens in the last millisecond of a tenth may still come.
    this.#passTime(toMs);
    this.nowMs = Math.max(this.nowMs, toMs);
  }

  /** Begin in the middle: the books were restored, and nothing was collected before. */
  begin(nowMs: number): void {
    this.nowMs = nowMs;
    for (const desk of this.#desks) desk.begin();
  }

  /** The whole tenths that are over when it is `toMs`: an event at the tenth itself belongs to the next one. */
  #passTime(toMs: number): void {
    for (;;) {
      const tenth = (Math.floor(this.nowMs / collectMs) + 1) * collectMs;
      if (tenth > toMs) break;
      this.nowMs = tenth;
      const isSecond = tenth % secondMs === 0;
      for (const desk of this.#desks) this.#endTenth(desk, tenth, isSecond);
    }
  }

  #tell(event: MarketEvent): void {
    const desk = this.#deskOf.get(event.symbol);
    // A tape or a bus may say more than once what is known already.
    if (desk === undefined || event.sequence !== desk.quotation.sequence + 1) return;
    const { quotation, name, topics } = desk;
    const { symbol } = quotation;
    const bid = quotation.book.best("bid");
    const ask = quotation.book.best("ask");
    quotation.apply(event);
    desk.collect(event);
    this.nowMs = Math.max(this.nowMs, event.timeMs);
    for (const trade of event.trades) {
      this.#publish(topics.trade, name, "trades", () => tradeText(symbol, trade, event.timeMs));
      this.#publish(topics.trades, name, "trades", () => simpleTradeText(symbol, trade, event.timeMs));
    }
    const text = (changes: readonly BookLevel[]): string =>
      updateText(symbol, changes, event, quotation.book.checksum);
    this.#publish(
      topics.book,
      name,
      "book",
      () => text(event.changes),
      () => text(crossing(quotation, event.changes)),
    );
    const hasMoved = !isSame(bid, quotation.book.best("bid")) || !isSame(ask, quotation.book.best("ask"));
    if (hasMoved) this.#publish(topics.bookTicker, name, "quotes", () => bookTickerText(quotation));
    if (hasMoved || event.trades.length > 0)
      this.#publish(topics.quotes, name, "quotes", () => quoteText(quotation));
  }

  #endTenth(desk: Desk, endMs: number, isSecond: boolean): void {
    const { quotation, name, topics } = desk;
    this.#depth(topics["depth@100ms"], desk, desk.tenth, endMs);
    if (!isSecond) return;
    this.#depth(topics.depth, desk, desk.wholeSecond, endMs);
    const candle = quotation.closeSecond(endMs);
    this.#publish(topics.kline, name, "candles", () => klineText(quotation.symbol, candle, endMs));
    this.#publish(topics.candles, name, "candles", () => candleText(quotation.symbol, candle));
    if (candle.trades > 0)
      this.#publish(topics.miniTicker, name, "quotes", () => miniTickerText(quotation, endMs));
    this.#publish(topics.heartbeat, name, "heartbeat", () => heartbeatText(quotation, endMs));
  }

  #depth(topic: string, { quotation, name }: Desk, collected: Collected, endMs: number): void {
    const { symbol, sequence } = quotation;
    const first = collected.after + 1;
    if (first > sequence) return;
    const changes = collected.take(sequence);
    const text = (told: readonly BookLevel[]): string =>
      depthUpdateText(symbol, told, first, sequence, endMs);
    this.#publish(
      topic,
      name,
      "book",
      () => text(changes),
      () => text(crossing(quotation, changes)),
    );
  }

  #publish(
    topic: string,
    symbol: string,
    channel: TickerChannel,
    text: () => string,
    crossed?: () => string,
  ): void {
    if (!this.#publicity.hasSubscribers(topic)) return;
    this.#publicity.publish({ topic, symbol, channel, text: text(), ...(crossed && { crossed }) });
  }
}

/** One symbol, with what is collected for those who hear of it now and then. */
class Desk {
  readonly quotation: Quotation;
  readonly name: string;
  readonly tenth: Collected;
  readonly wholeSecond: Collected;
  readonly topics: Readonly<
    Record<
      | "trade"
      | "bookTicker"
      | "miniTicker"
      | "kline"
      | "depth"
      | "depth@100ms"
      | "book"
      | "trades"
      | "quotes"
      | "candles"
      | "heartbeat",
      string
    >
  >;

  constructor(quotation: Quotation) {
    const name = quotation.symbol.symbol;
    this.quotation = quotation;
    this.name = name;
    this.tenth = new Collected();
    this.wholeSecond = new Collected();
    this.topics = {
      trade: streamName(name, "trade"),
      bookTicker: streamName(name, "bookTicker"),
      miniTicker: streamName(name, "miniTicker"),
      kline: streamName(name, "kline_1s"),
      depth: streamName(name, "depth"),
      "depth@100ms": streamName(name, "depth@100ms"),
      book: simpleTopic(name, "book"),
      trades: simpleTopic(name, "trades"),
      quotes: simpleTopic(name, "quotes"),
      candles: simpleTopic(name, "candles"),
      heartbeat: simpleTopic(name, "heartbeat"),
    };
  }

  collect({ changes }: MarketEvent): void {
    this.tenth.add(changes);
    this.wholeSecond.add(changes);
  }

  begin(): void {
    this.tenth.take(this.quotation.sequence);
    this.wholeSecond.take(this.quotation.sequence);
  }
}

/** Levels that changed since they were last told, each once, as they are now. */
class Collected {
  /** The last event that was told. */
  after = 0;
  readonly #levels = new Map<string, BookLevel>();

  add(changes: readonly BookLevel[]): void {
    for (const change of changes) this.#levels.set(`${change.side}${change.price}`, change);
  }

  take(sequence: number): BookLevel[] {
    const levels = [...this.#levels.values()];
    this.#levels.clear();
    this.after = sequence;
    return levels;
  }
}

function isSame(
  one: { readonly price: number; readonly quantity: number } | undefined,
  other: { readonly price: number; readonly quantity: number } | undefined,
): boolean {
  return one?.price === other?.price && one?.quantity === other?.quantity;
}

/** The same changes, and a bid above what is asked. */
function crossing({ book }: Quotation, changes: readonly BookLevel[]): BookLevel[] {
  const ask = book.best("ask");
  return ask ? [...changes, { side: "bid", price: ask.price + 1, quantity: ask.quantity }] : [...changes];
}

/**
 * The dialect of the largest exchange: the messages of its market streams and of its REST interface, as
 * https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams describes them. Pure: what is known of a
 * symbol goes in, text comes out.
 */
import { decimalOf } from "../../../wire/decimal.ts";
import type { BookLevel, LevelBook, PriceLevel } from "../../../wire/level-book.ts";
import type { Trade } from "./market-event.ts";
import type { Candle, Quotation, TimedTrade } from "./quotation.ts";
import type { TickerSymbol } from "./symbols.ts";

/** The streams of a symbol. */
export const streamKinds = ["trade", "bookTicker", "miniTicker", "kline_1s", "depth", "depth@100ms"] as const;

export type StreamKind = (typeof streamKinds)[number];

/** `btcusdt@depth@100ms` */
export function streamName(symbol: string, kind: StreamKind): string {
  return `${symbol.toLowerCase()}@${kind}`;
}

/** What a stream is of; nothing when there is no such kind. Its symbol may be unknown. */
export function readStreamName(
  name: string,
): { readonly symbol: string; readonly kind: StreamKind } | undefined {
  const at = name.indexOf("@");
  const kind = streamKinds.find((one) => one === name.slice(at + 1).replace(/^depth@1000ms$/, "depth"));
  return at > 0 && kind !== undefined ? { symbol: name.slice(0, at).toUpperCase(), kind } : undefined;
}

/** What is said of a trade. */
export function tradeText(symbol: TickerSymbol, trade: Trade, timeMs: number): string {
  const { id, isBuyerMaker } = trade;
  return `{"e":"trade","E":${timeMs},"s":"${symbol.symbol}","t":${id},"p":"${price(symbol, trade.price)}","q":"${lots(symbol, trade.quantity)}","T":${timeMs},"m":${isBuyerMaker},"M":true}`;
}

/** The best bid and ask. */
export function bookTickerText({ symbol, book, sequence }: Quotation): string {
  const bid = book.best("bid") ?? nothing;
  const ask = book.best("ask") ?? nothing;
  return `{"u":${sequence},"s":"${symbol.symbol}","b":"${price(symbol, bid.price)}","B":"${lots(symbol, bid.quantity)}","a":"${price(symbol, ask.price)}","A":"${lots(symbol, ask.quantity)}"}`;
}

const nothing = { price: 0, quantity: 0 };

/** The prices of the day: here, since the market opened. */
export function miniTickerText({ symbol, day }: Quotation, timeMs: number): string {
  return `{"e":"24hrMiniTicker","E":${timeMs},"s":"${symbol.symbol}","c":"${price(symbol, day.close)}","o":"${price(symbol, day.open)}","h":"${price(symbol, day.high)}","l":"${price(symbol, day.low)}","v":"${lots(symbol, day.volume)}","q":"${money(symbol, day.quoteVolume)}"}`;
}

/** A second, when it is over. */
export function klineText(symbol: TickerSymbol, candle: Candle, timeMs: number): string {
  const first = candle.trades === 0 ? -1 : candle.firstTrade;
  const last = candle.trades === 0 ? -1 : candle.lastTrade;
  return `{"e":"kline","E":${timeMs},"s":"${symbol.symbol}","k":{"t":${candle.openTimeMs},"T":${candle.openTimeMs + 999},"s":"${symbol.symbol}","i":"1s","f":${first},"L":${last},"o":"${price(symbol, candle.open)}","c":"${price(symbol, candle.close)}","h":"${price(symbol, candle.high)}","l":"${price(symbol, candle.low)}","v":"${lots(symbol, candle.volume)}","n":${candle.trades},"x":true,"q":"${money(symbol, candle.quoteVolume)}","V":"${lots(symbol, candle.takerVolume)}","Q":"${money(symbol, candle.takerQuoteVolume)}","B":"0"}}`;
}

/** What changed in a book from the update `first` to the update `last`. */
export function depthUpdateText(
  symbol: TickerSymbol,
  changes: readonly BookLevel[],
  first: number,
  last: number,
  timeMs: number,
): string {
  const side = (wanted: "bid" | "ask"): string =>
    pairs(
      symbol,
      changes.filter((change) => change.side === wanted),
    );
  return `{"e":"depthUpdate","E":${timeMs},"s":"${symbol.symbol}","U":${first},"u":${last},"b":${side("bid")},"a":${side("ask")}}`;
}

/** `GET /api/v3/depth` */
export function depthText(symbol: TickerSymbol, book: LevelBook, sequence: number, limit: number): string {
  return `{"lastUpdateId":${sequence},"bids":${pairs(symbol, book.levels("bid", limit))},"asks":${pairs(symbol, book.levels("ask", limit))}}`;
}

/** What a combined connection is told: which stream it is from, and what it said. */
export function combined(stream: string, text: string): string {
  return `{"stream":"${stream}","data":${text}}`;
}

/** One row of `GET /api/v3/klines`. */
export function klineRow(symbol: TickerSymbol, candle: Candle): readonly (string | number)[] {
  return [
    candle.openTimeMs,
    price(symbol, candle.open),
    price(symbol, candle.high),
    price(symbol, candle.low),
    price(symbol, candle.close),
    lots(symbol, candle.volume),
    candle.openTimeMs + 999,
    money(symbol, candle.quoteVolume),
    candle.trades,
    lots(symbol, candle.takerVolume),
    money(symbol, candle.takerQuoteVolume),
    "0",
  ];
}

/** One of `GET /api/v3/trades`. */
export function tradeRow(symbol: TickerSymbol, trade: TimedTrade): object {
  return {
    id: trade.id,
    price: price(symbol, trade.price),
    qty: lots(symbol, trade.quantity),
    quoteQty: money(symbol, trade.price * trade.quantity),
    time: trade.timeMs,
    isBuyerMaker: trade.isBuyerMaker,
    isBestMatch: true,
  };
}

/** What `GET /api/v3/exchangeInfo` says of a symbol. */
export function symbolInfo(symbol: TickerSymbol): object {
  const tick = price(symbol, 1);
  const lot = lots(symbol, 1);
  return {
    symbol: symbol.symbol,
    status: "TRADING",
    baseAsset: symbol.baseAsset,
    baseAssetPrecision: 8,
    quoteAsset: symbol.quoteAsset,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    orderTypes: ["LIMIT", "MARKET"],
    icebergAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      { filterType: "PRICE_FILTER", minPrice: tick, maxPrice: price(symbol, 1e15), tickSize: tick },
      { filterType: "LOT_SIZE", minQty: lot, maxQty: lots(symbol, 1e15), stepSize: lot },
    ],
    permissions: ["SPOT"],
    permissionSets: [["SPOT"]],
  };
}

function price(symbol: TickerSymbol, ticks: number): string {
  return decimalOf(ticks, symbol.priceDecimals);
}

function lots(symbol: TickerSymbol, quantity: number): string {
  return decimalOf(quantity, symbol.quantityDecimals);
}

function money(symbol: TickerSymbol, ticksTimesLots: number): string {
  return decimalOf(ticksTimesLots, symbol.priceDecimals + symbol.quantityDecimals);
}

function pairs(symbol: TickerSymbol, levels: readonly PriceLevel[]): string {
  const rows = levels.map((level) => `["${price(symbol, level.price)}","${lots(symbol, level.quantity)}"]`);
  return `[${rows.join(",")}]`;
}

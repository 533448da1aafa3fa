/**
 * The simple dialect: one message says one thing, in words. A book begins with a snapshot, its updates are numbered
 * without gaps, and every message about a book says the checksum of what it is after it. Pure.
 */
import { decimalOf } from "../../../wire/decimal.ts";
import type { BookLevel, LevelBook, PriceLevel } from "../../../wire/level-book.ts";
import type { MarketEvent, Trade } from "./market-event.ts";
import type { Candle, Quotation } from "./quotation.ts";
import type { TickerSymbol } from "./symbols.ts";
import type { TickerChannel } from "./topic.ts";

/** What can be subscribed to. The heartbeat comes by itself. */
export const simpleChannels = ["book", "trades", "quotes", "candles"] as const;

/** `BTCUSDT book` */
export function simpleTopic(symbol: string, channel: TickerChannel): string {
  return `${symbol} ${channel}`;
}

/** The whole book. */
export function snapshotText(
  symbol: TickerSymbol,
  book: LevelBook,
  sequence: number,
  timeMs: number,
): string {
  const { priceDecimals, quantityDecimals } = symbol;
  return `{"type":"snapshot","symbol":"${symbol.symbol}","sequence":${sequence},"timeMs":${timeMs},"priceDecimals":${priceDecimals},"quantityDecimals":${quantityDecimals},"bids":${pairs(symbol, book.levels("bid"))},"asks":${pairs(symbol, book.levels("ask"))},"checksum":"${book.checksum}"}`;
}

/** What one order changed in the book. */
export function updateText(
  symbol: TickerSymbol,
  changes: readonly BookLevel[],
  { sequence, timeMs }: Pick<MarketEvent, "sequence" | "timeMs">,
  checksum: string,
): string {
  const side = (wanted: "bid" | "ask"): string =>
    pairs(
      symbol,
      changes.filter((change) => change.side === wanted),
    );
  return `{"type":"update","symbol":"${symbol.symbol}","sequence":${sequence},"timeMs":${timeMs},"bids":${side("bid")},"asks":${side("ask")},"checksum":"${checksum}"}`;
}

/** A trade; the side is that of the order that came. */
export function simpleTradeText(symbol: TickerSymbol, trade: Trade, timeMs: number): string {
  const side = trade.isBuyerMaker ? "sell" : "buy";
  return `{"type":"trade","symbol":"${symbol.symbol}","id":${trade.id},"timeMs":${timeMs},"price":"${price(symbol, trade.price)}","quantity":"${lots(symbol, trade.quantity)}","side":"${side}"}`;
}

/** The best bid and ask, and the prices since the market opened. */
export function quoteText({ symbol, book, sequence, timeMs, day }: Quotation): string {
  const bid = pairs(symbol, book.levels("bid", 1)).slice(1, -1);
  const ask = pairs(symbol, book.levels("ask", 1)).slice(1, -1);
  return `{"type":"quote","symbol":"${symbol.symbol}","sequence":${sequence},"timeMs":${timeMs},"bid":${bid || "null"},"ask":${ask || "null"},"last":"${price(symbol, day.close)}","open":"${price(symbol, day.open)}","high":"${price(symbol, day.high)}","low":"${price(symbol, day.low)}","volume":"${lots(symbol, day.volume)}"}`;
}

/** A second, when it is over. */
export function candleText(symbol: TickerSymbol, candle: Candle): string {
  return `{"type":"candle","symbol":"${symbol.symbol}","openTimeMs":${candle.openTimeMs},"open":"${price(symbol, candle.open)}","high":"${price(symbol, candle.high)}","low":"${price(symbol, candle.low)}","close":"${price(symbol, candle.close)}","volume":"${lots(symbol, candle.volume)}","trades":${candle.trades}}`;
}

/** Where the symbol is: whoever has less has missed something, whoever has another checksum has something wrong. */
export function heartbeatText({ symbol, book, sequence, day }: Quotation, timeMs: number): string {
  return `{"type":"heartbeat","symbol":"${symbol.symbol}","sequence":${sequence},"lastTrade":${day.lastTrade},"timeMs":${timeMs},"checksum":"${book.checksum}"}`;
}

function price(symbol: TickerSymbol, ticks: number): string {
  return decimalOf(ticks, symbol.priceDecimals);
}

function lots(symbol: TickerSymbol, quantity: number): string {
  return decimalOf(quantity, symbol.quantityDecimals);
}

function pairs(symbol: TickerSymbol, levels: readonly PriceLevel[]): string {
  const rows = levels.map((level) => `["${price(symbol, level.price)}","${lots(symbol, level.quantity)}"]`);
  return `[${rows.join(",")}]`;
}

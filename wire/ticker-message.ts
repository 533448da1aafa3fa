import { decimalOf } from "./decimal.ts";
import type { PriceLevel } from "./level-book.ts";

/** What a ticker says in its simple dialect. Prices and quantities are decimals as text: nothing is lost in them. */
export type TickerMessage =
  | SnapshotMessage
  | UpdateMessage
  | TradeMessage
  | QuoteMessage
  | CandleMessage
  | HeartbeatMessage
  | SubscribedMessage
  | ErrorMessage;

/** A price, and how much there is at it; `0` takes it out of the book. */
export type PriceAndQuantity = readonly [price: string, quantity: string];

/** The whole book, best first. */
export interface SnapshotMessage {
  readonly type: "snapshot";
  readonly symbol: string;
  /** The last event that is in it. */
  readonly sequence: number;
  /** By the clock of the market, in milliseconds since the epoch. */
  readonly timeMs: number;
  /** Digits behind the point of every price; 10 to the minus this is a tick. */
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  readonly bids: readonly PriceAndQuantity[];
  readonly asks: readonly PriceAndQuantity[];
  /** Of the book: see `LevelBook.checksum`. */
  readonly checksum: string;
}

/** What one event changed in the book; the next one has the next sequence. */
export interface UpdateMessage {
  readonly type: "update";
  readonly symbol: string;
  readonly sequence: number;
  readonly timeMs: number;
  readonly bids: readonly PriceAndQuantity[];
  readonly asks: readonly PriceAndQuantity[];
  /** Of the book after it. */
  readonly checksum: string;
}

export interface TradeMessage {
  readonly type: "trade";
  readonly symbol: string;
  /** Counts up from 1 without gaps. */
  readonly id: number;
  readonly timeMs: number;
  readonly price: string;
  readonly quantity: string;
  /** What the one did who came; the other one's order waited. */
  readonly side: "buy" | "sell";
}

/** The best bid and ask, and the prices since the market opened. A slow reader is told only the latest. */
export interface QuoteMessage {
  readonly type: "quote";
  readonly symbol: string;
  readonly sequence: number;
  readonly timeMs: number;
  readonly bid: PriceAndQuantity | null;
  readonly ask: PriceAndQuantity | null;
  readonly last: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly volume: string;
}

/** A second of trades, when it is over. */
export interface CandleMessage {
  readonly type: "candle";
  readonly symbol: string;
  readonly openTimeMs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly trades: number;
}

/** Where a symbol is, every second of the market: whoever has less has missed something. */
export interface HeartbeatMessage {
  readonly type: "heartbeat";
  readonly symbol: string;
  readonly sequence: number;
  readonly lastTrade: number;
  readonly timeMs: number;
  readonly checksum: string;
}

/** What is subscribed to now, by channel. */
export interface SubscribedMessage {
  readonly type: "subscribed";
  readonly subscriptions: Readonly<Record<string, readonly string[]>>;
}

/** Why a request was not understood. */
export interface ErrorMessage {
  readonly type: "error";
  readonly message: string;
}

const fields: Readonly<Record<TickerMessage["type"], Readonly<Record<string, (value: unknown) => boolean>>>> =
  {
    snapshot: {
      symbol: isText,
      sequence: isCount,
      timeMs: isCount,
      priceDecimals: isCount,
      quantityDecimals: isCount,
      bids: isLevels,
      asks: isLevels,
      checksum: isText,
    },
    update: {
      symbol: isText,
      sequence: isCount,
      timeMs: isCount,
      bids: isLevels,
      asks: isLevels,
      checksum: isText,
    },
    trade: { symbol: isText, id: isCount, timeMs: isCount, price: isText, quantity: isText, side: isText },
    quote: {
      symbol: isText,
      sequence: isCount,
      timeMs: isCount,
      last: isText,
      open: isText,
      high: isText,
      low: isText,
    },
    candle: { symbol: isText, openTimeMs: isCount, open: isText, high: isText, low: isText, close: isText },
    heartbeat: { symbol: isText, sequence: isCount, lastTrade: isCount, timeMs: isCount, checksum: isText },
    subscribed: { subscriptions: (value) => typeof value === "object" && value !== null },
    error: { message: isText },
  };

/** Levels of a book as decimals. */
export function decimalLevels(
  levels: readonly PriceLevel[],
  { priceDecimals, quantityDecimals }: Pick<SnapshotMessage, "priceDecimals" | "quantityDecimals">,
): PriceAndQuantity[] {
  return levels.map(({ price, quantity }) => [
    decimalOf(price, priceDecimals),
    decimalOf(quantity, quantityDecimals),
  ]);
}

/** Read a message of the simple dialect; undefined when it is none. */
export function readTickerMessage(text: string): TickerMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const message = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const type = String(message["type"]);
  const wanted = Object.hasOwn(fields, type) ? fields[type as TickerMessage["type"]] : undefined;
  if (wanted === undefined) return undefined;
  const isWhole = Object.entries(wanted).every(([name, isRight]) => isRight(message[name]));
  return isWhole ? (value as TickerMessage) : undefined;
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isLevels(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((level) => Array.isArray(level) && level.length === 2 && level.every(isText))
  );
}

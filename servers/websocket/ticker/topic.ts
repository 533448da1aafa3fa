/** What kind of thing a message tells; a subscription of the simple dialect names these. */
export type TickerChannel = "book" | "trades" | "quotes" | "candles" | "heartbeat";

/** A message on its way to those who subscribed to its topic. */
export interface Publication {
  /** `btcusdt@trade` in the dialect of the exchange, `BTCUSDT trades` in the simple one. */
  readonly topic: string;
  readonly symbol: string;
  readonly channel: TickerChannel;
  readonly text: string;
  /** The same message with a bid above the best ask; only for changes of a book. */
  readonly crossed?: () => string;
}

/** A newer message of these channels replaces an older one that was not sent yet; of the others every one is sent. */
export function isConflated(channel: TickerChannel): boolean {
  return channel === "quotes";
}

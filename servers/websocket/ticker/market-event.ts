import type { BookLevel } from "../../../wire/level-book.ts";

/** Somebody bought from somebody. */
export interface Trade {
  /** Counts up from 1, for each symbol. */
  readonly id: number;
  /** In ticks. */
  readonly price: number;
  /** In lots. */
  readonly quantity: number;
  /** The buyer's order waited, and the seller's came. */
  readonly isBuyerMaker: boolean;
}

/**
 * What one order did. All that a ticker says follows from the stream of these: depth from the changes, trades and
 * candles from the trades.
 */
export interface MarketEvent {
  readonly symbol: string;
  /** Counts up from 1, for each symbol; the first holds the whole book. */
  readonly sequence: number;
  /** In milliseconds since the epoch, by the clock of the market. */
  readonly timeMs: number;
  readonly changes: readonly BookLevel[];
  readonly trades: readonly Trade[];
}

import { unitsOf } from "./decimal.ts";
import { type BookSide, LevelBook } from "./level-book.ts";
import type { HeartbeatMessage, PriceAndQuantity, SnapshotMessage, UpdateMessage } from "./ticker-message.ts";

/** What a message meant for the book: it changed it, it was known already, or the book is lost, and why. */
export type BookVerdict = "applied" | "known" | { readonly lost: string };

/**
 * Keeps the book of one symbol by what a ticker says in its simple dialect, and knows whether it is right: every message
 * has the number that follows, and after it the book has the checksum that it says. When it has not, the book is lost
 * until the next snapshot; it is never wrong in silence.
 */
export class BookKeeper {
  readonly symbol: string;
  readonly book = new LevelBook();
  /** Whether `book` is the book that the server had after `sequence`. */
  isRight = false;
  sequence = 0;
  /** Digits behind the point, once a snapshot has said so. */
  priceDecimals = 0;
  quantityDecimals = 0;

  constructor(symbol: string) {
    this.symbol = symbol;
  }

  hear(message: SnapshotMessage | UpdateMessage | HeartbeatMessage): BookVerdict {
    if (message.type === "snapshot") return this.#begin(message);
    if (!this.isRight) return "known";
    if (message.sequence < this.sequence) return "known";
    if (message.type === "heartbeat") return this.#compare(message);
    if (message.sequence === this.sequence) return "known";
    if (message.sequence > this.sequence + 1)
      return this.lose(`${message.sequence} came after ${this.sequence}`);
    return this.#apply(message);
  }

  /** The book may be wrong from now on: the connection is gone, or something else is known to be missing. */
  lose(why: string): BookVerdict {
    this.isRight = false;
    return { lost: why };
  }

  #begin(snapshot: SnapshotMessage): BookVerdict {
    this.book.clear();
    this.priceDecimals = snapshot.priceDecimals;
    this.quantityDecimals = snapshot.quantityDecimals;
    return this.#apply(snapshot);
  }

  #apply({ bids, asks, sequence, checksum }: SnapshotMessage | UpdateMessage): BookVerdict {
    const areRead = this.#set("bid", bids) && this.#set("ask", asks);
    this.sequence = sequence;
    if (!areRead) return this.lose(`event ${sequence} has a price that is none`);
    if (this.book.isCrossed) return this.lose(`the book is crossed after ${sequence}`);
    if (this.book.checksum !== checksum) return this.lose(`the checksum differs after ${sequence}`);
    this.isRight = true;
    return "applied";
  }

  #compare({ sequence, checksum }: HeartbeatMessage): BookVerdict {
    if (sequence > this.sequence) return this.lose(`${sequence} was told, and ${this.sequence} came last`);
    return checksum === this.book.checksum ? "known" : this.lose(`the checksum differs at ${sequence}`);
  }

  #set(side: BookSide, levels: readonly PriceAndQuantity[]): boolean {
    for (const [priceText, quantityText] of levels) {
      const price = unitsOf(priceText, this.priceDecimals);
      const quantity = unitsOf(quantityText, this.quantityDecimals);
      if (price === undefined || quantity === undefined) return false;
      this.book.set(side, price, quantity);
    }
    return true;
  }
}

import type { BookVerdict } from "../../wire/book-keeper.ts";
import { unitsOf } from "../../wire/decimal.ts";
import { type BookSide, LevelBook } from "../../wire/level-book.ts";
import type { PriceAndQuantity } from "../../wire/ticker-message.ts";

/** `depthUpdate` of the exchange's dialect: what changed from the update `U` to the update `u`. */
export interface DepthUpdate {
  readonly U: number;
  readonly u: number;
  readonly b: readonly PriceAndQuantity[];
  readonly a: readonly PriceAndQuantity[];
}

/** The answer to `GET /api/v3/depth`. */
export interface DepthSnapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly PriceAndQuantity[];
  readonly asks: readonly PriceAndQuantity[];
}

/** What can wait for a snapshot; what is more is forgotten, oldest first, and the snapshot must be newer then. */
const maxWaiting = 1_000;

/**
 * Keeps a book by the dialect of the exchange: changes from the stream, the beginning from REST. The rules are those of
 * "How to manage a local order book correctly" in its documentation; there is no checksum, so a book that is crossed is
 * the one thing that shows wrong content.
 */
export class DepthKeeper {
  readonly book = new LevelBook();
  readonly #priceDecimals: number;
  readonly #quantityDecimals: number;
  #waiting: DepthUpdate[] = [];
  /** Whether `book` is the book that the server had after `sequence`. */
  isRight = false;
  sequence = 0;

  constructor(priceDecimals: number, quantityDecimals: number) {
    this.#priceDecimals = priceDecimals;
    this.#quantityDecimals = quantityDecimals;
  }

  /** Something came from the stream. */
  hear(update: DepthUpdate): BookVerdict {
    if (!this.isRight) {
      this.#waiting.push(update);
      if (this.#waiting.length > maxWaiting) this.#waiting.shift();
      return "known";
    }
    return this.#apply(update);
  }

  /** A snapshot came; it is of no use, and another one is needed, when it is older than what waits. */
  begin(snapshot: DepthSnapshot): BookVerdict {
    const waiting = this.#waiting;
    const [first] = waiting;
    if (first !== undefined && snapshot.lastUpdateId + 1 < first.U)
      return { lost: `the snapshot ends at ${snapshot.lastUpdateId}, and the stream begins at ${first.U}` };
    this.#waiting = [];
    this.book.clear();
    this.sequence = snapshot.lastUpdateId;
    this.isRight = true;
    const isRead = this.#set("bid", snapshot.bids) && this.#set("ask", snapshot.asks);
    if (!isRead || this.book.isCrossed) return this.lose("the snapshot is no book");
    for (const [index, update] of waiting.entries()) {
      const verdict = this.#apply(update);
      if (typeof verdict === "object") {
        this.#waiting = waiting.slice(index + 1);
        return verdict;
      }
    }
    return "applied";
  }

  /** The book may be wrong from now on. */
  lose(why: string): BookVerdict {
    this.isRight = false;
    return { lost: why };
  }

  #apply({ U, u, b, a }: DepthUpdate): BookVerdict {
    if (u <= this.sequence) return "known";
    if (U > this.sequence + 1) {
      const verdict = this.lose(`${U} came after ${this.sequence}`);
      this.#waiting.push({ U, u, b, a });
      return verdict;
    }
    const isRead = this.#set("bid", b) && this.#set("ask", a);
    this.sequence = u;
    if (!isRead) return this.lose(`update ${u} has a price that is none`);
    return this.book.isCrossed ? this.lose(`the book is crossed after ${u}`) : "applied";
  }

  #set(side: BookSide, levels: readonly PriceAndQuantity[]): boolean {
    for (const [priceText, quantityText] of levels) {
      const price = unitsOf(priceText, this.#priceDecimals);
      const quantity = unitsOf(quantityText, this.#quantityDecimals);
      if (price === undefined || quantity === undefined) return false;
      this.book.set(side, price, quantity);
    }
    return true;
  }
}

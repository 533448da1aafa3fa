/**
 * A book of prices and of how much is bid and asked for at each, as both ends of a ticker keep it: the server adds up
 * its orders, a client what it is told. Both can say a checksum of all they have, so a client knows that its book is
 * right, not only that nothing seems to be missing.
 *
 *     bids  100.10 × 5   100.09 × 2 …        best first on both sides
 *     asks  100.12 × 1   100.15 × 9 …
 *
 * Prices and quantities are whole numbers of the smallest step (ticks, lots).
 */

export type BookSide = "bid" | "ask";

/** How much there is at one price now; a quantity of 0 takes the price out of the book. */
export interface BookLevel {
  readonly side: BookSide;
  readonly price: number;
  readonly quantity: number;
}

/** One price of one side. */
export interface PriceLevel {
  readonly price: number;
  readonly quantity: number;
}

/** A book of levels. */
export class LevelBook {
  readonly #bids = new Ladder(-1);
  readonly #asks = new Ladder(1);
  #low = 0;
  #high = 0;

  /** @returns how much there was at that price before */
  set(side: BookSide, price: number, quantity: number): number {
    const ladder = side === "bid" ? this.#bids : this.#asks;
    const before = ladder.set(price, quantity);
    if (before !== 0) this.#sum(side, price, before, -1);
    if (quantity !== 0) this.#sum(side, price, quantity, 1);
    return before;
  }

  quantityAt(side: BookSide, price: number): number {
    return (side === "bid" ? this.#bids : this.#asks).quantityAt(price);
  }

  /** The best levels of a side, best first. */
  levels(side: BookSide, count = Infinity): PriceLevel[] {
    return (side === "bid" ? this.#bids : this.#asks).best(count);
  }

  depth(side: BookSide): number {
    return (side === "bid" ? this.#bids : this.#asks).length;
  }

  /** The best level of a side; nothing when it is empty. */
  best(side: BookSide): PriceLevel | undefined {
    return this.levels(side, 1)[0];
  }

  /** Somebody bids what somebody asks for, or more: in the book of an exchange these two would have traded. */
  get isCrossed(): boolean {
    const bid = this.best("bid");
    const ask = this.best("ask");
    return bid !== undefined && ask !== undefined && bid.price >= ask.price;
  }

  /**
   * 16 hexadecimal digits that depend on every level and on nothing else. Each level is mixed into two numbers of 32
   * bits (`mixLevel`), and these are added up, so a change costs the same however deep the book is.
   */
  get checksum(): string {
    return hex(this.#high) + hex(this.#low);
  }

  clear(): void {
    this.#bids.clear();
    this.#asks.clear();
    this.#low = 0;
    this.#high = 0;
  }

  copy(): LevelBook {
    const copy = new LevelBook();
    for (const side of ["bid", "ask"] as const)
      for (const { price, quantity } of this.levels(side)) copy.set(side, price, quantity);
    return copy;
  }

  #sum(side: BookSide, price: number, quantity: number, sign: 1 | -1): void {
    this.#low = (this.#low + sign * mixLevel(side, price, quantity, 0x9e3779b1)) >>> 0;
    this.#high = (this.#high + sign * mixLevel(side, price, quantity, 0x85ebca77)) >>> 0;
  }
}

/** A level as 32 bits: the halves of price and quantity and the side, one after the other, multiplied and shifted. */
export function mixLevel(side: BookSide, price: number, quantity: number, factor: number): number {
  let mixed = side === "bid" ? 1 : 2;
  const words = [price >>> 0, Math.floor(price / 2 ** 32), quantity >>> 0, Math.floor(quantity / 2 ** 32)];
  for (const word of words) {
    mixed = Math.imul(mixed ^ word, factor);
    mixed ^= mixed >>> 15;
  }
  return mixed >>> 0;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, "0");
}

/** The prices of one side, best first. `direction` is 1 where the lowest is the best. */
class Ladder {
  readonly #direction: 1 | -1;
  readonly #prices: number[] = [];
  readonly #quantities: number[] = [];

  constructor(direction: 1 | -1) {
    this.#direction = direction;
  }

  get length(): number {
    return this.#prices.length;
  }

  set(price: number, quantity: number): number {
    const at = this.#find(price);
    const isThere = this.#prices[at] === price;
    const before = isThere ? this.#quantities[at]! : 0;
    if (isThere && quantity === 0) {
      this.#prices.splice(at, 1);
      this.#quantities.splice(at, 1);
    } else if (isThere) this.#quantities[at] = quantity;
    else if (quantity !== 0) {
      this.#prices.splice(at, 0, price);
      this.#quantities.splice(at, 0, quantity);
    }
    return before;
  }

  quantityAt(price: number): number {
    const at = this.#find(price);
    return this.#prices[at] === price ? this.#quantities[at]! : 0;
  }

  best(count: number): PriceLevel[] {
    return this.#prices
      .slice(0, count)
      .map((price, index) => ({ price, quantity: this.#quantities[index]! }));
  }

  clear(): void {
    this.#prices.length = 0;
    this.#quantities.length = 0;
  }

  /** Where the price is, or where it belongs. */
  #find(price: number): number {
    let from = 0;
    let to = this.#prices.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#prices[middle]! - price) * this.#direction < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

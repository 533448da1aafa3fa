import { type BookLevel, type BookSide, LevelBook } from "../../../wire/level-book.ts";

/** One that waits in the book. */
export interface RestingOrder {
  readonly id: number;
  readonly side: BookSide;
  readonly price: number;
  /** What is not filled yet, in lots. */
  quantity: number;
}

/** What two orders did to one another. */
export interface Fill {
  readonly price: number;
  readonly quantity: number;
  /** The one that waited bought, so the one that came sold. */
  readonly isBuyerMaker: boolean;
}

/** What became of an order. */
export interface Execution {
  /** In the order in which they happened. */
  readonly fills: readonly Fill[];
  /** The levels that are different now, each once. */
  readonly changes: readonly BookLevel[];
}

/** An order that comes. Without a price it takes what there is, and never waits. */
export interface IncomingOrder {
  readonly side: BookSide;
  readonly price?: number;
  readonly quantity: number;
  /** How many levels of the other side are not for it; what would trade with them is gone. @default 0 */
  readonly spareLevels?: number;
}

/** Everything that an order book is made of. */
export interface OrderBookState {
  readonly lastId: number;
  readonly orders: readonly RestingOrder[];
}

/**
 * A limit-order book: the best price first, and at a price who came first. What can trade trades at once, so after
 * every order the best bid is below the best ask.
 */
export class OrderBook {
  readonly levels = new LevelBook();
  readonly #queues = { bid: new Map<number, RestingOrder[]>(), ask: new Map<number, RestingOrder[]>() };
  /** All that wait, in no particular order, to draw one of them. */
  readonly #resting: RestingOrder[] = [];
  readonly #places = new Map<number, number>();
  #lastId = 0;

  get count(): number {
    return this.#resting.length;
  }

  /** The n-th of those that wait, in an order that follows from what was placed and cancelled. */
  orderAt(index: number): RestingOrder | undefined {
    return this.#resting[index];
  }

  /** All that wait, to go on from there later. */
  save(): OrderBookState {
    return { lastId: this.#lastId, orders: this.#resting.map((order) => ({ ...order })) };
  }

  restore({ lastId, orders }: OrderBookState): void {
    this.levels.clear();
    this.#places.clear();
    this.#resting.length = 0;
    for (const side of ["bid", "ask"] as const) this.#queues[side].clear();
    for (const [place, order] of orders.entries()) {
      const own = { ...order };
      this.#resting.push(own);
      this.#places.set(own.id, place);
    }
    // At a price the oldest is first.
    for (const order of this.#resting.toSorted((one, other) => one.id - other.id)) this.#join(order);
    this.#lastId = lastId;
  }

  place(order: IncomingOrder): Execution {
    const { side, price, spareLevels = 0 } = order;
    const other = side === "bid" ? "ask" : "bid";
    const fills: Fill[] = [];
    const touched = new Set<number>();
    let rest = order.quantity;
    while (rest > 0 && this.levels.depth(other) > spareLevels) {
      const best = this.levels.best(other)!;
      if (price !== undefined && !this.#wouldTrade(side, price)) break;
      const queue = this.#queues[other].get(best.price)!;
      const maker = queue[0]!;
      const quantity = Math.min(rest, maker.quantity);
      maker.quantity -= quantity;
      rest -= quantity;
      fills.push({ price: best.price, quantity, isBuyerMaker: other === "bid" });
      touched.add(best.price);
      this.levels.set(other, best.price, best.quantity - quantity);
      if (maker.quantity === 0) this.#leave(maker);
    }
    const changes = [...touched].map((at) => this.#level(other, at));
    if (rest > 0 && price !== undefined && !this.#wouldTrade(side, price))
      changes.push(this.#wait(side, price, rest));
    return { fills, changes };
  }

  /** Take an order out of the book. */
  cancel(order: RestingOrder): Execution {
    this.levels.set(
      order.side,
      order.price,
      this.levels.quantityAt(order.side, order.price) - order.quantity,
    );
    this.#leave(order);
    return { fills: [], changes: [this.#level(order.side, order.price)] };
  }

  #wouldTrade(side: BookSide, price: number): boolean {
    const best = this.levels.best(side === "bid" ? "ask" : "bid");
    return best !== undefined && (side === "bid" ? best.price <= price : best.price >= price);
  }

  #wait(side: BookSide, price: number, quantity: number): BookLevel {
    const order = { id: ++this.#lastId, side, price, quantity };
    this.#places.set(order.id, this.#resting.length);
    this.#resting.push(order);
    this.#join(order);
    return this.#level(side, price);
  }

  #join(order: RestingOrder): void {
    const { side, price, quantity } = order;
    const queue = this.#queues[side].get(price);
    if (queue) queue.push(order);
    else this.#queues[side].set(price, [order]);
    this.levels.set(side, price, this.levels.quantityAt(side, price) + quantity);
  }

  /** Out of its queue and out of the list, whose last takes its place. */
  #leave(order: RestingOrder): void {
    const queues = this.#queues[order.side];
    const queue = queues.get(order.price)!;
    queue.splice(queue.indexOf(order), 1);
    if (queue.length === 0) queues.delete(order.price);
    const place = this.#places.get(order.id)!;
    const last = this.#resting.pop()!;
    if (last !== order) {
      this.#resting[place] = last;
      this.#places.set(last.id, place);
    }
    this.#places.delete(order.id);
  }

  #level(side: BookSide, price: number): BookLevel {
    return { side, price, quantity: this.levels.quantityAt(side, price) };
  }
}

import { BookKeeper, type BookVerdict } from "../../wire/book-keeper.ts";
import { WireError } from "../../wire/errors.ts";
import { readTickerMessage, type TickerMessage } from "../../wire/ticker-message.ts";

/** What a ticker can be asked for. */
export type TickerChannel = "book" | "trades" | "quotes" | "candles";

/** A book, or some trades, are not known any more; a book comes back with its next snapshot. */
export interface LostMessage {
  readonly type: "lost";
  readonly symbol: string;
  readonly channel: "book" | "trades";
  readonly why: string;
}

/** What a client of a ticker is told. */
export type TickerNews = TickerMessage | LostMessage;

/** How often something went wrong, and was noticed. */
export interface TickerTrouble {
  /** Books that were lost: something was missing, or wrong. */
  readonly lostBooks: number;
  /** Trades that never came. */
  readonly missedTrades: number;
}

/**
 * The client's side of the simple dialect, without its socket: it subscribes, keeps the books, sees what is missing and
 * asks for it again.
 */
export class TickerConversation {
  readonly books: ReadonlyMap<string, BookKeeper>;
  readonly #channels: readonly TickerChannel[];
  /** The last trade of each symbol, once there was one on this connection. */
  readonly #lastTrades = new Map<string, number>();
  #say: (text: string) => void = () => {};
  #lostBooks = 0;
  #missedTrades = 0;

  constructor(symbols: readonly string[], channels: readonly TickerChannel[]) {
    this.books = new Map(symbols.map((symbol) => [symbol, new BookKeeper(symbol)]));
    this.#channels = channels;
  }

  get trouble(): TickerTrouble {
    return { lostBooks: this.#lostBooks, missedTrades: this.#missedTrades };
  }

  /** A connection is there: subscribe. What was known of the trades before it is not continued. */
  begin(say: (text: string) => void): void {
    this.#say = say;
    this.#lastTrades.clear();
    say(JSON.stringify({ type: "subscribe", channels: this.#channels, symbols: [...this.books.keys()] }));
  }

  /** The connection is gone: no book is known to be right. */
  end(why: string): LostMessage[] {
    this.#say = () => {};
    return [...this.books.values()]
      .filter((keeper) => keeper.isRight)
      .map((keeper) => this.#lose(keeper, keeper.lose(why)))
      .filter((lost) => lost !== undefined);
  }

  /**
   * Something came. Updates and snapshots that the book did not take are not told; that it was lost is.
   * @throws WireError PROTOCOL_VIOLATION for what is no message of the dialect
   */
  heard(text: string): TickerNews[] {
    const message = readTickerMessage(text);
    if (message === undefined)
      throw new WireError(
        "PROTOCOL_VIOLATION",
        `a ticker said ${text.slice(0, 200)}, which is no message of it`,
      );
    if (message.type === "trade") return this.#trade(message);
    if (message.type === "heartbeat") return this.#heartbeat(message);
    if (message.type !== "snapshot" && message.type !== "update") return [message];
    const keeper = this.books.get(message.symbol);
    if (keeper === undefined) return [];
    const verdict = keeper.hear(message);
    if (verdict === "applied") return [message];
    const lost = this.#lose(keeper, verdict);
    if (lost === undefined) return [];
    this.#ask(keeper);
    return [lost];
  }

  #trade(trade: Extract<TickerMessage, { type: "trade" }>): TickerNews[] {
    const last = this.#lastTrades.get(trade.symbol);
    if (last !== undefined && trade.id <= last) return [];
    this.#lastTrades.set(trade.symbol, trade.id);
    return [...this.#missed(trade.symbol, last ?? trade.id - 1, trade.id - 1), trade];
  }

  #heartbeat(heartbeat: Extract<TickerMessage, { type: "heartbeat" }>): TickerNews[] {
    const { symbol, lastTrade } = heartbeat;
    const news: TickerNews[] = [heartbeat];
    if (this.#channels.includes("trades")) {
      const last = this.#lastTrades.get(symbol);
      if (last === undefined || last < lastTrade) this.#lastTrades.set(symbol, lastTrade);
      news.push(...this.#missed(symbol, last ?? lastTrade, lastTrade));
    }
    const keeper = this.books.get(symbol);
    if (keeper === undefined || !this.#channels.includes("book")) return news;
    // A snapshot that was asked for has not come: ask again.
    if (!keeper.isRight) this.#ask(keeper);
    else {
      const lost = this.#lose(keeper, keeper.hear(heartbeat));
      if (lost) {
        this.#ask(keeper);
        news.push(lost);
      }
    }
    return news;
  }

  #missed(symbol: string, last: number, newest: number): LostMessage[] {
    if (newest <= last) return [];
    this.#missedTrades += newest - last;
    const why = `the trades ${last + 1} to ${newest} did not come`;
    return [{ type: "lost", symbol, channel: "trades", why }];
  }

  #lose({ symbol }: BookKeeper, verdict: BookVerdict): LostMessage | undefined {
    if (typeof verdict === "string") return undefined;
    this.#lostBooks++;
    return { type: "lost", symbol, channel: "book", why: verdict.lost };
  }

  #ask({ symbol }: BookKeeper): void {
    this.#say(JSON.stringify({ type: "snapshot", symbols: [symbol] }));
  }
}

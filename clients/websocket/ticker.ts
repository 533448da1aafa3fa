import { WireError } from "../../wire/errors.ts";
import { Journal, type JournalWait } from "../../wire/journal.ts";
import {
  type CandleMessage,
  decimalLevels,
  type PriceAndQuantity,
  type QuoteMessage,
  type TradeMessage,
} from "../../wire/ticker-message.ts";
import type { WebSocketClient } from "./client.ts";
import { connectWebSocket } from "./connect.ts";
import type { WebSocketClientOptions } from "./options.ts";
import {
  type TickerChannel,
  TickerConversation,
  type TickerNews,
  type TickerTrouble,
} from "./ticker-conversation.ts";

/** How to connect to a ticker. Every field but the symbols may be left out. */
export interface TickerClientOptions extends Omit<WebSocketClientOptions, "onOpen"> {
  /** What to hear of: `["BTCUSDT"]`. */
  readonly symbols: readonly string[];
  /** What to hear. @default ["book", "trades", "quotes"] */
  readonly channels?: readonly TickerChannel[];
  /**
   * Silence after which the connection is given up: a ticker has a heartbeat every second of its market. 0 waits for
   * ever. @default 5_000
   */
  readonly silenceTimeoutMs?: number;
}

/** The book of one symbol, as far as it is known. */
export interface KeptBook {
  /** Whether it is the server's book after `sequence`; when not, it is being asked for again. */
  readonly isRight: boolean;
  readonly sequence: number;
  readonly checksum: string;
  /** Best first. */
  readonly bids: readonly PriceAndQuantity[];
  readonly asks: readonly PriceAndQuantity[];
}

/** Somebody who hears a ticker and keeps its books. */
export interface TickerClient extends AsyncDisposable {
  /** Whether there is a connection now. */
  readonly isOpen: boolean;
  /** How many connections there have been. */
  readonly connections: number;
  /** What went wrong so far, and was noticed. */
  readonly trouble: TickerTrouble;
  /** The book of a symbol now. @throws TypeError for a symbol that was not asked for */
  book(symbol: string): KeptBook;
  /** The book, as soon as it is right, and at least at this event. @throws WireError TIMED_OUT */
  waitForBook(symbol: string, options?: JournalWait & { readonly sequence?: number }): Promise<KeptBook>;
  /** Trades from now on, of one symbol or of all. */
  trades(symbol?: string): AsyncIterableIterator<TradeMessage>;
  quotes(symbol?: string): AsyncIterableIterator<QuoteMessage>;
  candles(symbol?: string): AsyncIterableIterator<CandleMessage>;
  /** All from now on, and what was found to be lost. Ends when the connection does, for good. */
  [Symbol.asyncIterator](): AsyncIterableIterator<TickerNews>;
  /** Why there is no connection any more; nothing while there is one, or after `close`. */
  readonly failure: Error | undefined;
  close(): Promise<void>;
}

/**
 * Connect to a ticker's simple dialect, and keep the books that it tells: numbered without gaps, and equal to the
 * server's by their checksums. What is missing is noticed and asked for again; a lost connection is dialled anew.
 * @param url `ws://127.0.0.1:8068/feed`
 * @throws WireError as `connectWebSocket`; TypeError without symbols
 * @example
 * await using ticker = await connectTicker("ws://127.0.0.1:8068/feed", { symbols: ["BTCUSDT"] });
 * const { bids } = await ticker.waitForBook("BTCUSDT");
 * for await (const { price, side } of ticker.trades()) console.log(side, price);
 */
export async function connectTicker(url: string, options: TickerClientOptions): Promise<TickerClient> {
  const {
    symbols,
    channels = ["book", "trades", "quotes"],
    silenceTimeoutMs = 5_000,
    ...webSocket
  } = options;
  if (symbols.length === 0) throw new TypeError("connectTicker: symbols is empty; give at least one");
  const conversation = new TickerConversation(symbols, channels);
  const news = new Journal<TickerNews>(keptNews);
  const client = await connectWebSocket(url, {
    reconnects: true,
    ...webSocket,
    onOpen: (opening) => {
      for (const lost of conversation.end("the connection was lost")) news.add(lost);
      conversation.begin((text) => opening.send(text));
    },
  });
  const heard = new Hearing(client, conversation, news, silenceTimeoutMs);
  return {
    get isOpen() {
      return client.isOpen;
    },
    get connections() {
      return client.connections;
    },
    get trouble() {
      return conversation.trouble;
    },
    get failure() {
      return heard.failure;
    },
    book: (symbol) => keptBook(conversation, symbol),
    waitForBook: async (symbol, { sequence = 0, ...wait } = {}) => {
      const isThere = (book: KeptBook): boolean => book.isRight && book.sequence >= sequence;
      const now = keptBook(conversation, symbol);
      if (isThere(now)) return now;
      await news.wait(
        `the book of ${symbol}`,
        (one) => {
          if (!("symbol" in one) || one.symbol !== symbol) return one.type;
          const book = keptBook(conversation, symbol);
          return isThere(book) ? undefined : `${one.type}, at ${book.sequence}`;
        },
        wait,
      );
      return keptBook(conversation, symbol);
    },
    trades: (symbol) => only(news, "trade", symbol),
    quotes: (symbol) => only(news, "quote", symbol),
    candles: (symbol) => only(news, "candle", symbol),
    [Symbol.asyncIterator]: () => news.iterate(),
    close: () => heard.close(),
    [Symbol.asyncDispose]: () => heard.close(),
  };
}

/** For those who wait for something that came a moment ago. */
const keptNews = 100;

/** Hears what comes until the end, and gives up a connection that nothing comes from. */
class Hearing {
  readonly #client: WebSocketClient;
  readonly #conversation: TickerConversation;
  readonly #news: Journal<TickerNews>;
  readonly #done: Promise<void>;
  readonly #watch: NodeJS.Timeout | undefined;
  #lastMs = performance.now();
  failure: Error | undefined;

  constructor(
    client: WebSocketClient,
    conversation: TickerConversation,
    news: Journal<TickerNews>,
    silenceTimeoutMs: number,
  ) {
    this.#client = client;
    this.#conversation = conversation;
    this.#news = news;
    this.#done = this.#hear();
    if (silenceTimeoutMs > 0) {
      const look = (): void => this.#look(silenceTimeoutMs);
      this.#watch = setInterval(look, Math.max(silenceTimeoutMs / 4, 10)).unref();
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
    await this.#done;
  }

  async #hear(): Promise<void> {
    try {
      for await (const message of this.#client) {
        this.#lastMs = performance.now();
        if (typeof message !== "string")
          throw new WireError("PROTOCOL_VIOLATION", "a ticker sent bytes where it should say text");
        for (const one of this.#conversation.heard(message)) this.#news.add(one);
      }
    } catch (error) {
      this.failure = error as Error;
      await this.#client.destroy();
    }
    clearInterval(this.#watch);
    for (const lost of this.#conversation.end("the connection is closed")) this.#news.add(lost);
    this.#news.close();
  }

  #look(silenceTimeoutMs: number): void {
    if (!this.#client.isOpen || performance.now() - this.#lastMs <= silenceTimeoutMs) return;
    this.#lastMs = performance.now();
    // It answers pings, perhaps, and says nothing.
    this.#client.drop("rst");
  }
}

async function* only<Type extends TickerNews["type"]>(
  news: Journal<TickerNews>,
  type: Type,
  symbol: string | undefined,
): AsyncIterableIterator<Extract<TickerNews, { type: Type }>> {
  const isWanted = (one: TickerNews): one is Extract<TickerNews, { type: Type }> =>
    one.type === type && (symbol === undefined || ("symbol" in one && one.symbol === symbol));
  for await (const one of news.iterate()) if (isWanted(one)) yield one;
}

function keptBook(conversation: TickerConversation, symbol: string): KeptBook {
  const keeper = conversation.books.get(symbol);
  if (keeper === undefined) throw new TypeError(`book: ${symbol} was not asked for`);
  const { book, isRight, sequence } = keeper;
  const bids = decimalLevels(book.levels("bid"), keeper);
  const asks = decimalLevels(book.levels("ask"), keeper);
  return { isRight, sequence, checksum: book.checksum, bids, asks };
}

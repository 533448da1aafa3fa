import type { CloseOptions } from "../../../wire/listener.ts";
import type { Rules } from "../../../wire/exchange/rule.ts";
import { decimalLevels, type PriceAndQuantity } from "../../../wire/ticker-message.ts";
import type { Transcript } from "../../../wire/transcript.ts";
import { startWebSocket } from "../server.ts";
import { sharedFeed } from "./bus-feed.ts";
import type { TickerFault } from "./faults.ts";
import { type Feed, ownFeed, type Tell } from "./feed.ts";
import { Floor, type TickerCounters } from "./floor.ts";
import { MarketClock } from "./market-clock.ts";
import { resolveTickerOptions, type TickerOptions } from "./options.ts";
import type { ReaderState } from "./reader.ts";
import { tickerSite } from "./site.ts";
import { seededMarkets } from "./source.ts";
import { replayTape, tapeHead, tapeLine } from "./tape.ts";

/** A running ticker. */
export interface TickerServer extends AsyncDisposable {
  /** The page, and the REST interface below it: `http://127.0.0.1:8068` */
  readonly url: string;
  /** The dialect of the exchange, with the names of the streams: `ws://127.0.0.1:8068/stream` */
  readonly streamUrl: string;
  /** The simple dialect: `ws://127.0.0.1:8068/feed` */
  readonly feedUrl: string;
  readonly host: string;
  readonly port: number;
  readonly transcript: Transcript;
  /** Faults on what clients say: scripts with `(whenever)` blocks, latency and the like. */
  readonly rules: Rules;
  readonly symbols: readonly string[];
  /** The market's time, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** Whether this process makes the market; without a bus it does. */
  readonly isLeading: boolean;
  readonly counters: TickerCounters;
  /** Who reads, what, and how well. */
  readonly readers: readonly ReaderState[];
  /** The book of a symbol now. @throws TypeError for a symbol that is not traded */
  book(symbol: string): TickerBook;
  /** Let so much of the market's time pass at once; what happens in it is sent. */
  step(ms: number): Promise<void>;
  /** Cause a fault from now on; the result ends it. */
  addFault(fault: TickerFault): () => void;
  clearFaults(): void;
  /** Cut a connection, by its number in the transcript. @returns whether it was there */
  dropConnection(connection: number, how: "rst" | "fin" | "silence"): boolean;
  close(options?: CloseOptions): Promise<void>;
}

/** A book, as decimals; best first. */
export interface TickerBook {
  readonly sequence: number;
  readonly bids: readonly PriceAndQuantity[];
  readonly asks: readonly PriceAndQuantity[];
  readonly checksum: string;
}

/**
 * Start a ticker: a market that follows from a seed, told over WebSocket and REST.
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED; PROTOCOL_VIOLATION for a tape that is none; TypeError for options
 * that cannot be
 * @example
 * await using ticker = await startTicker({ symbols: ["BTCUSDT"], seed: 7, clock: "stepped" });
 * ticker.addFault({ kind: "drop", at: 3 });
 * await ticker.step(1_000);
 */
export async function startTicker(given: TickerOptions = {}): Promise<TickerServer> {
  const options = resolveTickerOptions(given);
  const own = options.tape === undefined ? seededMarkets(options.symbols, options) : replayTape(options.tape);
  const floor = new Floor(own, options);
  for (const fault of options.faults) floor.faults.add(fault);
  const { onTape } = options;
  onTape?.(tapeHead(own));
  const tell: Tell = (events, toMs) => {
    if (onTape) for (const event of events) onTape(tapeLine(event));
    floor.advance(events, toMs, performance.now());
  };
  const server = await startWebSocket({ "/": tickerSite(floor) }, options.webSocket);
  const seed = options.tape === undefined ? `${options.seed} ${options.ordersPerSecond}` : "tape";
  let feed: Feed;
  try {
    feed = options.bus
      ? await sharedFeed({ source: own, floor, tell, bus: options.bus, name: options.busName, seed })
      : ownFeed(own, tell);
    const beginsAtMs = own.opensAtMs + options.historyMs;
    if (feed.isLeading && floor.nowMs <= beginsAtMs) await feed.advance(beginsAtMs);
  } catch (error) {
    await server.close({ graceMs: 0 });
    throw error;
  }
  const clock = new MarketClock(
    () => floor.nowMs,
    (toMs) => feed.advance(toMs),
    options,
  );
  let closing: Promise<void> | undefined;
  const close = (closeOptions?: CloseOptions): Promise<void> =>
    (closing ??= (async () => {
      await clock.close();
      await feed.close();
      await server.close(closeOptions);
    })());
  return {
    url: server.url,
    streamUrl: `${server.streamUrl}/stream`,
    feedUrl: `${server.streamUrl}/feed`,
    host: server.host,
    port: server.port,
    transcript: server.transcript,
    rules: server.rules,
    symbols: [...floor.quotations.keys()],
    get nowMs() {
      return floor.nowMs;
    },
    get isLeading() {
      return feed.isLeading;
    },
    get counters() {
      return floor.counters;
    },
    get readers() {
      return floor.readers;
    },
    book: (symbol) => bookOf(floor, symbol),
    step: (ms) => {
      if (!feed.isLeading) throw new TypeError("step: another process makes this market; move its clock");
      return clock.step(ms);
    },
    addFault: (fault) => floor.faults.add(fault),
    clearFaults: () => floor.faults.clear(),
    dropConnection: (number, how) => {
      const connection = [...server.connections].find((one) => one.connection === number);
      connection?.drop(how);
      return connection !== undefined;
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

function bookOf(floor: Floor, name: string): TickerBook {
  const quotation = floor.quotations.get(name);
  if (quotation === undefined) throw new TypeError(`book: ${name} is not traded here`);
  const { symbol, book, sequence } = quotation;
  const bids = decimalLevels(book.levels("bid"), symbol);
  const asks = decimalLevels(book.levels("ask"), symbol);
  return { sequence, bids, asks, checksum: book.checksum };
}

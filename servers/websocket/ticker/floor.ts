import { Audience } from "./audience.ts";
import { FaultDesk } from "./faults.ts";
import type { MarketEvent } from "./market-event.ts";
import { Publisher } from "./publisher.ts";
import type { Quotation } from "./quotation.ts";
import { type Outlet, Reader, type ReaderLimits, type ReaderState, type ReaderTally } from "./reader.ts";
import type { MarketSource } from "./source.ts";

/** What a ticker has done so far. */
export interface TickerCounters {
  /** Orders that came, of all symbols. */
  readonly events: number;
  /** Messages that at least one reader was told. */
  readonly published: number;
  /** Messages that were sent, to all readers together. */
  readonly sent: number;
  /** Quotes that were replaced by newer ones before a slow reader was sent them. */
  readonly conflated: number;
  /** Readers that were closed with 1008 because they read too slowly. */
  readonly closedSlow: number;
}

/** A ticker without its sockets: events come in, and every reader is told what it subscribed to. */
export class Floor {
  readonly audience = new Audience();
  readonly faults = new FaultDesk();
  /** Those of the REST interface, which has no connection that counts. */
  readonly restFaults = this.faults.reader(0);
  readonly publisher: Publisher;
  readonly #limits: ReaderLimits;
  readonly #readers = new Set<Reader>();
  readonly #tally: ReaderTally = { sent: 0, conflated: 0, closedSlow: 0 };
  #events = 0;

  constructor(source: Pick<MarketSource, "symbols" | "opensAtMs">, limits: ReaderLimits) {
    this.publisher = new Publisher(source, this.audience);
    this.#limits = limits;
  }

  /** By their symbols. */
  get quotations(): ReadonlyMap<string, Quotation> {
    return this.publisher.quotations;
  }

  /** The market's time, in milliseconds since the epoch. */
  get nowMs(): number {
    return this.publisher.nowMs;
  }

  get counters(): TickerCounters {
    return { events: this.#events, published: this.audience.published, ...this.#tally };
  }

  get readers(): ReaderState[] {
    return [...this.#readers].map((reader) => reader.state);
  }

  /**
   * Tell what happened up to a moment of the market.
   * @param clockMs the time by which readers are slow; any clock that goes on while the market does
   */
  advance(events: readonly MarketEvent[], toMs: number, clockMs: number): void {
    this.#events += events.length;
    this.publisher.advance(events, toMs);
    for (const reader of this.#readers) reader.flush(clockMs);
  }

  enter(outlet: Outlet): Reader {
    const reader = new Reader(outlet, this.#limits, this.#tally, this.faults);
    this.#readers.add(reader);
    return reader;
  }

  leave(reader: Reader): void {
    reader.leave();
    this.audience.leave(reader);
    this.#readers.delete(reader);
  }
}

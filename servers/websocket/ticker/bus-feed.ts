import { randomUUID } from "node:crypto";
import type { Bus } from "../../../wire/bus.ts";
import type { BusState } from "./bus-state.ts";
import { restoreFloor, stateOf } from "./bus-state.ts";
import type { Feed, Tell } from "./feed.ts";
import type { Floor } from "./floor.ts";
import type { MarketSource } from "./source.ts";
import { readTapeLine, tapeHead, tapeLine } from "./tape.ts";

/** How long the one who makes the market may be silent before another one does. */
const leaseMs = 3_000;
const renewMs = 1_000;
/** Batches that the stream keeps, and after how many of them the state is written down for those who come later. */
const keptBatches = 2_000;
const batchesPerState = 50;

/** What happened up to a moment of the market, in lines of a tape. */
interface Batch {
  readonly toMs: number;
  readonly lines: readonly string[];
}

/** What a shared feed is made of. */
export interface SharedFeedOptions {
  readonly source: MarketSource;
  readonly floor: Floor;
  readonly tell: Tell;
  readonly bus: Bus;
  /** What the market is called on the bus. */
  readonly name: string;
  /** What makes the market what it is beside its symbols: its seed, or its tape. */
  readonly seed: string;
}

/**
 * One market for many processes. One of them has the lease: it makes the market and appends what happens to a stream.
 * All tell their readers what is in the stream. When the lease runs out another process takes it; every second or so
 * the one before it has written down all that its market was made of, so the new one goes on with the very same events.
 *
 *     process 1 (lease) ── append ──► stream ──┬──► process 2 ──► readers
 *          └──► readers                        └──► process 3 ──► readers
 *
 * @throws TypeError when another process makes another market under this name
 */
export async function sharedFeed(options: SharedFeedOptions): Promise<Feed> {
  const feed = new SharedFeed(options);
  await feed.open();
  return feed;
}

class SharedFeed implements Feed {
  readonly #options: SharedFeedOptions;
  readonly #bus: Bus;
  readonly #keys: {
    readonly stream: string;
    readonly state: string;
    readonly lease: string;
    readonly market: string;
  };
  readonly #me = randomUUID();
  readonly #closing = new AbortController();
  /** The batch that was told last. */
  #after = "0";
  #batches = 0;
  #isLeading = false;
  #watch: NodeJS.Timeout | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(options: SharedFeedOptions) {
    const { bus, name } = options;
    this.#options = options;
    this.#bus = bus;
    this.#keys = {
      stream: `${name}:events`,
      state: `${name}:state`,
      lease: `${name}:lease`,
      market: `${name}:market`,
    };
  }

  get isLeading(): boolean {
    return this.#isLeading;
  }

  async open(): Promise<void> {
    const isMine = await this.#takeLease();
    await this.#agree(isMine);
    await this.#restore();
    if (isMine) await this.#lead();
    else this.#reading = this.#read();
    this.#watch = setInterval(() => void this.#renew().catch(() => {}), renewMs).unref();
  }

  async advance(toMs: number): Promise<void> {
    if (!this.#isLeading) return;
    const { source, tell } = this.#options;
    const events = source.advance(toMs);
    const batch: Batch = { toMs, lines: events.map(tapeLine) };
    this.#after = await this.#bus.append(this.#keys.stream, JSON.stringify(batch), {
      maxEntries: keptBatches,
    });
    tell(events, toMs);
    if (this.#batches++ % batchesPerState === 0) await this.#keepState();
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    this.#closing.abort();
    await this.#reading;
    if (!this.#isLeading) return;
    this.#isLeading = false;
    await this.#keepState();
    // Whoever is left can go on at once.
    if ((await this.#bus.get(this.#keys.lease)) === this.#me) await this.#bus.remove(this.#keys.lease);
  }

  #takeLease(): Promise<boolean> {
    return this.#bus.set(this.#keys.lease, this.#me, { ttlMs: leaseMs, isNew: true });
  }

  /** The market of this name is the one that was asked for, or nobody makes it and it begins anew. */
  async #agree(isMine: boolean): Promise<void> {
    const { source, name, seed } = this.#options;
    const own = `${tapeHead(source)} ${seed}`;
    const there = await this.#bus.get(this.#keys.market);
    if (there === own) return;
    if (!isMine && there !== undefined) {
      throw new TypeError(
        `startTicker: the ticker "${name}" on this bus is another market; start it with the same symbols, seed and opensAtMs, or give it another busName`,
      );
    }
    await Promise.all([this.#keys.stream, this.#keys.state].map((key) => this.#bus.remove(key)));
    await this.#bus.set(this.#keys.market, own);
  }

  async #renew(): Promise<void> {
    const holder = await this.#bus.get(this.#keys.lease);
    if (holder === this.#me) await this.#bus.set(this.#keys.lease, this.#me, { ttlMs: leaseMs });
    else if (this.#isLeading) {
      // It was away for too long, and another one has gone on.
      this.#isLeading = false;
      this.#reading = this.#read();
    } else if (holder === undefined && !this.#closing.signal.aborted && (await this.#takeLease()))
      await this.#lead();
  }

  /** Make the market from where the one before has stopped. */
  async #lead(): Promise<void> {
    const { source, floor } = this.#options;
    await this.#catchUp();
    const state = await this.#state();
    if (state) {
      source.restore(state.source);
      // These events are in the stream already.
      source.advance(floor.nowMs);
    }
    this.#isLeading = true;
  }

  /** Begin where the others are. */
  async #restore(): Promise<void> {
    const state = await this.#state();
    if (state) {
      restoreFloor(this.#options.floor, state);
      this.#after = state.after;
    }
    await this.#catchUp();
  }

  async #state(): Promise<BusState | undefined> {
    const text = await this.#bus.get(this.#keys.state);
    return text === undefined ? undefined : (JSON.parse(text) as BusState);
  }

  async #catchUp(): Promise<void> {
    const entries = await this.#bus.range(this.#keys.stream, { after: this.#after });
    for (const { id, message } of entries) this.#hear(id, message);
  }

  /** Tell what comes, until this process makes the market itself or closes. */
  async #read(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted && !this.#isLeading) {
      const after = this.#after;
      try {
        const waiting = { timeoutMs: renewMs, signal };
        const arrivals = await this.#bus.read({ [this.#keys.stream]: after }, waiting);
        if (after !== this.#after) continue;
        const areWhole = arrivals.every(({ id, message }) => this.#hear(id, message));
        // This process slept for longer than the stream keeps.
        if (!areWhole) await this.#restore();
      } catch {
        // The bus is away; its client dials again.
        await pause(renewMs, signal);
      }
    }
  }

  /** @returns whether nothing is missing before it */
  #hear(id: string, message: string): boolean {
    const { tell, floor } = this.#options;
    const { toMs, lines } = JSON.parse(message) as Batch;
    const events = lines.map(readTapeLine);
    this.#after = id;
    tell(events, toMs);
    return events.every(({ symbol, sequence }) => (floor.quotations.get(symbol)?.sequence ?? 0) >= sequence);
  }

  async #keepState(): Promise<void> {
    const { source, floor } = this.#options;
    await this.#bus.set(this.#keys.state, JSON.stringify(stateOf(this.#after, floor, source)));
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

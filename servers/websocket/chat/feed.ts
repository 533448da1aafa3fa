import { setTimeout as delay } from "node:timers/promises";
import type { Bus, BusArrival } from "../../../wire/bus.ts";

/** After a read that failed: how long until the next one. */
const retryMs = 100;
/** Entries of each stream that are taken at once; so many are handled before anything else is. */
const mostAtOnce = 1_000;

/**
 * All streams that a process follows, read by one call that waits. What is heard comes in the order of its stream,
 * each entry once, also when the bus was gone for a while.
 */
export class Feed {
  readonly #bus: Bus;
  readonly #own: string;
  readonly #hear: (arrival: BusArrival) => void;
  readonly #positions = new Map<string, string>();
  readonly #closing = new AbortController();
  #isWaking = false;

  /**
   * @param own a stream that nobody else follows: an entry in it ends a read that waits, so that it can go on with
   * other streams. A signal would do that too, at the cost of a connection
   * @param after where in it to begin
   */
  constructor(bus: Bus, own: string, after: string, hear: (arrival: BusArrival) => void) {
    this.#bus = bus;
    this.#own = own;
    this.#hear = hear;
    this.#positions.set(own, after);
    void this.#run();
  }

  /** Hear what comes in a stream after an entry. */
  follow(stream: string, after: string): void {
    this.#positions.set(stream, after);
    this.#wake();
  }

  leave(stream: string): void {
    this.#positions.delete(stream);
  }

  close(): void {
    this.#closing.abort();
  }

  #wake(): void {
    if (this.#isWaking || this.#closing.signal.aborted) return;
    this.#isWaking = true;
    // One that fails is no loss: the read fails too then, and begins again with all streams.
    this.#bus.append(this.#own, "wake", { maxEntries: 10_000 }).catch(() => {});
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.#isWaking = false;
      try {
        const after = Object.fromEntries(this.#positions);
        const arrivals = await this.#bus.read(after, { signal, count: mostAtOnce });
        if (signal.aborted) return;
        for (const arrival of arrivals) {
          if (!this.#positions.has(arrival.stream)) continue;
          this.#positions.set(arrival.stream, arrival.id);
          if (arrival.message !== "wake") this.#hear(arrival);
        }
      } catch {
        await delay(retryMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }
}

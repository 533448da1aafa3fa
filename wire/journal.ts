import { WireError } from "./errors.ts";

/** How long to wait for an entry. */
export interface JournalWait {
  /** In milliseconds. @default 5_000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What happened at a server, in order: the newest entries, listed, waited for and iterated. */
export class Journal<Entry> {
  readonly #entries: Entry[] = [];
  readonly #capacity: number;
  readonly #listeners = new Set<(entry: Entry | undefined) => void>();
  #isClosed = false;

  /** @param capacity how many entries are kept; of more, the oldest go */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
    // In strides, so that a full journal does not move all its entries for each new one.
    if (this.#entries.length >= this.#capacity * 2)
      this.#entries.splice(0, this.#entries.length - this.#capacity);
    if (this.#listeners.size > 0) for (const listener of this.#listeners) listener(entry);
  }

  /** The kept entries, oldest first. */
  list(): Entry[] {
    return this.#entries.slice(-this.#capacity);
  }

  /** Hear of every entry from now on; the result stops it. */
  watch(listener: (entry: Entry) => void): () => void {
    const told = (entry: Entry | undefined): void => {
      if (entry !== undefined) listener(entry);
    };
    this.#listeners.add(told);
    return () => this.#listeners.delete(told);
  }

  /**
   * The first entry that fits, kept or yet to come.
   * @param what is waited for, in words, for the error
   * @param misfit why an entry does not fit; nothing when it does
   * @throws WireError TIMED_OUT; its message lists what there was instead
   */
  async wait(
    what: string,
    misfit: (entry: Entry) => string | undefined,
    { timeoutMs = 5_000, signal }: JournalWait = {},
  ): Promise<Entry> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const others: string[] = [];
    for await (const entry of this.iterate(
      signal ? AbortSignal.any([signal, timeout]) : timeout,
      this.list(),
    )) {
      const reason = misfit(entry);
      if (reason === undefined) return entry;
      others.push(reason);
    }
    signal?.throwIfAborted();
    const instead =
      others.length === 0 ? "there was nothing" : `there was instead:\n  ${others.slice(-20).join("\n  ")}`;
    throw new WireError("TIMED_OUT", `waited ${timeoutMs} ms for ${what}; ${instead}`);
  }

  /** Every entry from now on, until the journal closes or the signal aborts. */
  async *iterate(signal?: AbortSignal, earlier: readonly Entry[] = []): AsyncIterableIterator<Entry> {
    const arrived = [...earlier];
    let wake = (): void => {};
    const listener = (entry: Entry | undefined): void => {
      if (entry !== undefined) arrived.push(entry);
      wake();
    };
    const abort = (): void => wake();
    this.#listeners.add(listener);
    signal?.addEventListener("abort", abort);
    try {
      for (;;) {
        const entry = arrived.shift();
        if (entry !== undefined) yield entry;
        else if (this.#isClosed || signal?.aborted) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.#listeners.delete(listener);
      signal?.removeEventListener("abort", abort);
    }
  }

  /** End every iteration; what was kept can still be read. */
  close(): void {
    this.#isClosed = true;
    for (const listener of this.#listeners) listener(undefined);
  }
}

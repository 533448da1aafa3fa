import { channel } from "node:diagnostics_channel";
import { debuglog } from "node:util";
import { EntryRing } from "./entry-ring.ts";

/** Who said it: the client, the server, or nobody (`*`: an event of the connection, such as a TLS handshake). */
export type Speaker = "C" | "S" | "*";

/** One message of a conversation, in plain text on both sides of TLS. A mail body is told as its size, not copied. */
export interface TranscriptEntry {
  /** Counts up from 1 over the life of the server. */
  readonly sequence: number;
  /** When, in milliseconds since the epoch, with fractions. */
  readonly atMs: number;
  /** The n-th connection of this server, from 1. */
  readonly connection: number;
  readonly from: Speaker;
  /** The message without its line end; lines of one reply are joined by `\n`. */
  readonly text: string;
}

/** What was said on every connection of one server: the newest entries, listed, iterated and published. */
export interface Transcript {
  /** The kept entries, oldest first; of one connection when asked. */
  list(filter?: { readonly connection?: number }): TranscriptEntry[];
  /** The kept entries as text, a line each: `3 C: EHLO client.test`. */
  text(filter?: { readonly connection?: number }): string;
  /** Hear of every entry from now on, synchronously and in order; the result stops it. */
  watch(listener: (entry: TranscriptEntry) => void): () => void;
  /** Every entry from now on, until the server closes. */
  [Symbol.asyncIterator](): AsyncIterableIterator<TranscriptEntry>;
}

/**
 * A transcript that its server writes. It keeps the newest `capacity` entries and publishes each to the
 * `diagnostics_channel` `portside:<protocol>:line`; `NODE_DEBUG=portside:<protocol>` prints them.
 */
export class Recorder implements Transcript {
  readonly #entries: EntryRing;
  readonly #channel;
  readonly #debug;
  readonly #listeners = new Set<(entry: TranscriptEntry) => void>();
  readonly #closers = new Set<() => void>();
  #sequence = 0;

  constructor(protocol: string, capacity: number) {
    this.#entries = new EntryRing(capacity);
    this.#channel = channel(`portside:${protocol}:line`);
    this.#debug = debuglog(`portside:${protocol}`);
  }

  /** Write one message down; `atMs` is taken once per burst by the caller. */
  record(connection: number, from: Speaker, text: string, atMs: number): TranscriptEntry {
    const entry: TranscriptEntry = { sequence: ++this.#sequence, atMs, connection, from, text };
    this.#entries.push(entry.sequence, atMs, connection, from, text);
    if (this.#channel.hasSubscribers) this.#channel.publish(entry);
    if (this.#listeners.size > 0) for (const listener of this.#listeners) listener(entry);
    if (this.#debug.enabled) this.#debug("%s", line(entry));
    return entry;
  }

  /** Write down something that does not change, to be shown by `show` when somebody looks; at once if one does now. */
  recordLate<Heard>(
    connection: number,
    from: Speaker,
    said: Heard,
    show: (said: Heard) => string,
    atMs: number,
  ): void {
    if (this.#channel.hasSubscribers || this.#listeners.size > 0 || this.#debug.enabled)
      this.record(connection, from, show(said), atMs);
    else
      this.#entries.push(++this.#sequence, atMs, connection, from, said, show as (said: unknown) => string);
  }

  list(filter: { readonly connection?: number } = {}): TranscriptEntry[] {
    return this.#entries.list(filter.connection);
  }

  text(filter: { readonly connection?: number } = {}): string {
    return this.list(filter).map(line).join("\n");
  }

  watch(listener: (entry: TranscriptEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<TranscriptEntry> {
    const arrived: TranscriptEntry[] = [];
    let wake = (): void => {};
    let isOpen = true;
    const closer = (): void => {
      isOpen = false;
      wake();
    };
    this.#closers.add(closer);
    const stop = this.watch((entry) => {
      arrived.push(entry);
      wake();
    });
    try {
      while (isOpen || arrived.length > 0) {
        const entry = arrived.shift();
        if (entry) yield entry;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      stop();
      this.#closers.delete(closer);
    }
  }

  /** End every iteration; what was kept can still be read. */
  close(): void {
    for (const closer of this.#closers) closer();
  }
}

function line(entry: TranscriptEntry): string {
  return `${entry.connection} ${entry.from}: ${entry.text}`;
}

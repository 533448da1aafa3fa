import type { Speaker, TranscriptEntry } from "./transcript.ts";

/**
 * The newest entries of a transcript, in columns: 10,000 entries as objects are as much for the garbage collector to
 * look at as all the rest of a server, and mails of 1 MB make it look a hundred times a second.
 */
export class EntryRing {
  readonly #capacity: number;
  #newest = 0;
  readonly #times: number[] = [];
  readonly #connections: number[] = [];
  readonly #speakers: Speaker[] = [];
  readonly #texts: string[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Keep an entry; their sequence numbers follow one another from 1. */
  push(entry: TranscriptEntry): void {
    this.#newest = entry.sequence;
    if (this.#capacity === 0) return;
    const place = this.#placeOf(entry.sequence);
    this.#times[place] = entry.atMs;
    this.#connections[place] = entry.connection;
    this.#speakers[place] = entry.from;
    this.#texts[place] = entry.text;
  }

  /** Oldest first; of one connection when asked. */
  list(connection?: number): TranscriptEntry[] {
    const entries: TranscriptEntry[] = [];
    const first = Math.max(1, this.#newest - this.#capacity + 1);
    for (let sequence = first; sequence <= this.#newest; sequence += 1) {
      const place = this.#placeOf(sequence);
      if (connection !== undefined && this.#connections[place] !== connection) continue;
      entries.push({
        sequence,
        atMs: this.#times[place]!,
        connection: this.#connections[place]!,
        from: this.#speakers[place]!,
        text: this.#texts[place]!,
      });
    }
    return entries;
  }

  #placeOf(sequence: number): number {
    return (sequence - 1) % this.#capacity;
  }
}

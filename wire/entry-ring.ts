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
  /** The text, or what `#shows` makes one of. */
  readonly #said: unknown[] = [];
  readonly #shows: (((said: unknown) => string) | undefined)[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /**
   * Keep an entry; their sequence numbers follow one another from 1.
   * @param show makes the text of what was said, when somebody looks; without it, it is the text
   */
  push(
    sequence: number,
    atMs: number,
    connection: number,
    from: Speaker,
    said: unknown,
    show?: (said: unknown) => string,
  ): void {
    this.#newest = sequence;
    if (this.#capacity === 0) return;
    const place = this.#placeOf(sequence);
    this.#times[place] = atMs;
    this.#connections[place] = connection;
    this.#speakers[place] = from;
    // Commands and replies take turns: a flood of the same ones is kept as two texts, not as thousands that are equal.
    const before = this.#said[this.#placeOf(sequence - 2)];
    this.#said[place] = before === said ? before : said;
    this.#shows[place] = show;
  }

  /** Oldest first; of one connection when asked. */
  list(connection?: number): TranscriptEntry[] {
    const entries: TranscriptEntry[] = [];
    const first = Math.max(1, this.#newest - this.#capacity + 1);
    for (let sequence = first; sequence <= this.#newest; sequence += 1) {
      const place = this.#placeOf(sequence);
      if (connection !== undefined && this.#connections[place] !== connection) continue;
      const show = this.#shows[place] ?? String;
      entries.push({
        sequence,
        atMs: this.#times[place]!,
        connection: this.#connections[place]!,
        from: this.#speakers[place]!,
        text: show(this.#said[place]),
      });
    }
    return entries;
  }

  #placeOf(sequence: number): number {
    return (sequence - 1) % this.#capacity;
  }
}

import type { TranscriptEntry } from "../../wire/transcript.ts";

/** Entries of a session's beginning that are kept with each mail; of more, the first ones. */
const maxPrelude = 200;

/**
 * The part of a connection's transcript that belongs to the mail under way: how the session began (greeting, EHLO,
 * TLS, AUTH), and the mail's own transaction, but not the mails before it.
 */
export class SessionLog {
  #entries: TranscriptEntry[] = [];
  /** How many entries at the beginning are the session's. */
  #prelude = 0;
  #isChanged = true;

  add(entry: TranscriptEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > maxPrelude * 8) this.#entries.splice(maxPrelude, maxPrelude);
  }

  /** The session is another from here on: what was said until the next transaction is kept. */
  changed(): void {
    this.#isChanged = true;
  }

  /** The newest entry begins a transaction. */
  beginTransaction(): void {
    const begin = Math.max(this.#entries.length - 1, 0);
    if (this.#isChanged) {
      this.#prelude = Math.min(begin, maxPrelude);
      this.#isChanged = false;
    }
    if (begin <= this.#prelude) return;
    this.#entries[this.#prelude] = this.#entries[begin]!;
    this.#entries.length = this.#prelude + 1;
  }

  entries(): readonly TranscriptEntry[] {
    return this.#entries.slice();
  }
}

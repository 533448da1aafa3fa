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
  /** Every entry from now on, until the server closes. */
  [Symbol.asyncIterator](): AsyncIterableIterator<TranscriptEntry>;
}

import type { Said, TlsFacts } from "./connection.ts";
import type { TranscriptEntry } from "./transcript.ts";

/**
 * One side of a command/reply protocol, an object per connection. It hears a message and gives its turn; it does no
 * socket I/O, so it can be tested with a list of messages.
 */
export interface Session<Message> {
  /** What the server says first, as soon as the connection is ready (after the handshake with implicit TLS). */
  greet(): Turn | Promise<Turn>;
  hear(message: Message): Turn | Promise<Turn>;
  /** Whether this message must be heard although the turn before it is not over (FTP's ABOR). */
  isUrgent?(message: Message): boolean;
  /** The other side has said all it ever will, while a turn is under way. */
  heardAll?(): void;
  /** The other side spoke before the greeting had left. With this method the greeting leaves one turn of the loop later. */
  spokenTooEarly?(): void;
  /** TLS has begun, in mid-stream or before the greeting. `dropped` bytes came in clear after the command, unheard. */
  secured?(tls: TlsFacts, dropped: number): void;
  /** TLS has ended, and the connection goes on in clear. `dropped` bytes came over it after the command, unheard. */
  cleared?(dropped: number): void;
  /** Every entry of this connection's transcript, as it is made. */
  recorded?(entry: TranscriptEntry): void;
  /** All that has come so far is answered; the answers leave next. */
  settle?(): void;
  /** `greet`, `hear` or a body failed with something that is nobody's reply. */
  failed(error: unknown): Turn;
  /** Last words when time is up. */
  expired(limit: "idle" | "message"): Said;
  /** Last words when the server closes; said when no turn is under way. */
  goodbye(): Said;
  /** The connection is gone: `ended` by a FIN or by us, or `lost`. */
  gone?(how: "ended" | "lost"): void;
}

/** What a session gives for a message: something to say, or more than that. An empty text says nothing. */
export type Turn = Said | Action;

export interface Action {
  /** Said first. */
  readonly say?: Said;
  /** The next bytes are no messages but a body. */
  readonly body?: BodyReader;
  /** Then a TLS handshake, as the server. */
  readonly startTls?: true;
  /** Then TLS ends and the connection goes on in clear; for protocols with `mayEndTls`. */
  readonly endTls?: true;
  /** Then the connection ends. */
  readonly end?: true;
  /** The other side asked for the end and says nothing more, so nobody waits for its FIN. */
  readonly isLast?: true;
}

/** Takes the bytes of a body out of the stream of messages. */
export interface BodyReader {
  /**
   * Take what belongs to the body. Bytes that were taken are the reader's, and nobody else looks at them again.
   * @returns how many bytes that were
   */
  take(bytes: Buffer): number;
  readonly isComplete: boolean;
  /** When the reader cannot keep up: resolved when it can take more; the socket is paused until then. */
  readonly ready?: Promise<void> | undefined;
  /** The body is complete: the session's turn. */
  finish(): Turn | Promise<Turn>;
  /** The body will never be complete. */
  abort(): void;
  /** What the end of the body is called in transcripts and rules: `.` for DATA. */
  readonly endText: string;
}

/** What a session knows of its connection, and how it speaks outside of its turn. */
export interface Voice {
  /** The n-th connection of the server, from 1. */
  readonly connection: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly tls: TlsFacts | undefined;
  /** Say something at once: before the turn under way is over, or without one. */
  say(said: Said): void;
  /** The same, in one write with what else is said in this turn of the event loop. */
  saySoon(said: Said): void;
  /** Tell who the client is, once it has logged in: rules may be meant for one user. */
  identify(user: string): void;
  /** End the connection when what was said has left. */
  end(): void;
  /** End it at once, without what waits to leave. */
  destroy(): void;
  /** End it with a reset (RST). */
  reset(): void;
  /** Bytes said that the other side has not taken yet. */
  readonly waitingBytes: number;
  /** Write an event into the transcript. */
  note(event: string): void;
}

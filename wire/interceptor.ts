import type { SecureContext } from "node:tls";
import type { Said } from "./connection.ts";

/**
 * The seam for rules and faults: it sits after a message has been cut and before it is answered, and again before a
 * reply is sent. Without an interceptor a conversation pays nothing.
 */
export interface Interceptor {
  /** Who watches a new connection; nothing lets it pass untouched. */
  open(about: ConnectionAbout): ConnectionInterceptor | undefined;
}

export interface ConnectionAbout {
  /** The n-th connection of the server, from 1. */
  readonly connection: number;
  readonly remoteAddress: string;
  /** Write an event into the transcript: a fault that fired. */
  note(event: string): void;
}

/** Watches one connection. */
export interface ConnectionInterceptor {
  /** Before the greeting: what happens instead of it, or nothing to let it pass. */
  greeting?(): Intervention | undefined;
  /** A message was heard: what happens instead of the session's answer, or nothing to let it pass. */
  heard?(text: string): Intervention | undefined;
  /** A reply is about to be sent: what is sent in its place. */
  saying?(reply: Said): Said;
  /** Everything that leaves in one write goes through here; call `send` as often and as late as wanted. */
  transmit?(bytes: Buffer, send: (bytes: Buffer) => void): void;
  /** Another certificate than the server's own. */
  secureContext?(): SecureContext | undefined;
  /** The connection is gone. */
  closed?(): void;
}

/** Takes over one turn of a conversation; nothing else is heard until it resolves. */
export type Intervention = (floor: Floor) => Promise<void>;

/** What an intervention can do. */
export interface Floor {
  /** Let the session hear the message; gives what it would say, and says nothing of it. */
  pass(): Promise<Said>;
  /** Say this, at once. */
  say(said: Said): void;
  wait(delayMs: number): Promise<void>;
  /** FIN, after what was said. */
  end(): void;
  /** RST. */
  reset(): void;
  /** Resolves when the connection is gone: to say nothing for ever. */
  readonly gone: Promise<void>;
}

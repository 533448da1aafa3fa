import type { SecureContext } from "node:tls";
import type { Said } from "./connection.ts";
import type { Passage } from "./passage.ts";

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
  /** What the bytes of the client go through from now on; asking for it costs a little for each of them. */
  readonly incoming: Passage;
  /** The same for the bytes of the server. */
  readonly outgoing: Passage;
  /** Write an event into the transcript: a fault that fired. */
  note(event: string): void;
}

/** Watches one connection. */
export interface ConnectionInterceptor {
  /** It has nothing to do at present, so it is not asked about messages. */
  readonly isIdle?: boolean;
  /** Before the greeting: what happens instead of it, or nothing to let it pass. */
  greeting?(): Intervention | undefined;
  /** A message was heard: what happens instead of the session's answer, or nothing to let it pass. */
  heard?(text: string): Intervention | undefined;
  /** The client has logged in. */
  identified?(user: string): void;
  /** TLS has begun. */
  secured?(): void;
  /** Another certificate than the server's own. */
  secureContext?(): SecureContext | undefined;
  /** The connection is gone. */
  closed?(): void;
}

/** Takes over one turn of a conversation; nothing else is heard until it resolves. */
export type Intervention = (floor: Floor) => Promise<void>;

/** What an intervention can do. */
export interface Floor {
  /**
   * Let the session hear the message; gives what it would say, and says nothing of it. Preliminary replies (FTP's 150)
   * are said at once.
   */
  pass(passing?: Passing): Promise<Said>;
  /** Say this, at once. */
  say(said: Said): void;
  wait(delayMs: number): Promise<void>;
  /** FIN, after what was said. */
  end(): void;
  /** RST. */
  reset(): void;
  /** What the bytes of the client go through. */
  readonly incoming: Passage;
  /** What the bytes of the server go through. */
  readonly outgoing: Passage;
  /** Resolves when the client has ended or the connection is gone: to say nothing for ever. */
  readonly gone: Promise<void>;
  /** What only datagrams can suffer; nothing on a connection. */
  readonly datagrams?: DatagramFloor;
}

/** What an intervention can do besides where answers are datagrams. */
export interface DatagramFloor {
  /** Resolves when the answer to a later message has left; at once when another one waits for that already. */
  overtaken(): Promise<void>;
  /** Say this from a port that nobody asked: a careful client does not take it. */
  sayFromElsewhere(said: Said): void;
}

/** How a message is passed on. */
export interface Passing {
  /** Another message, in the text that `heard` is given, in place of the one that came. */
  readonly instead?: string;
  /** What becomes of preliminary replies. */
  readonly preliminary?: (reply: Said) => Said;
}

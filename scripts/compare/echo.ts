/**
 * The echo service: what is sent comes back. It is there once for each transport on Node alone (`echo/bare`), and once
 * with this library (`echo/portside`), in as few lines as do the job.
 */
export interface Echo {
  /** Listen on a free port. */
  serve(place: Place): Promise<EchoServer>;
  /** A client: what it opens stays open, unless the transport is one that opens a connection for each message. */
  connect(address: Address): Promise<EchoClient>;
}

/** Where a server is to listen, and who it is where there is TLS. */
export interface Place {
  readonly host: string;
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

/** Where a server listens, and who vouches for it where there is TLS. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** PEM. */
  readonly ca: string;
}

export interface EchoServer {
  readonly port: number;
  /** Take nobody more; those who are there go when they close. */
  close(): void;
}

export interface EchoClient {
  /** Send a message, and have it back. Calls at the same time are answered in their order. */
  call(message: Buffer): Promise<Answer>;
  close(): void;
}

export interface Answer {
  readonly reply: Buffer;
  /** Resolves when nothing of this message is under way any more: its connection is closed, where it had its own. */
  readonly over: Promise<void>;
}

/** How large a message is, in bytes. */
export const messageBytes = 64;

/**
 * The key exchange of every TLS handshake here. What OpenSSL 3.5 prefers, X25519 together with ML-KEM-768, adds 2.3 KB
 * to each handshake; it has a line of its own in the table.
 */
export const keyExchange = "X25519";

/** What `over` is where a connection stays. */
export const atOnce = Promise.resolve();

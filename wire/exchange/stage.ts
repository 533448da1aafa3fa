import type { Address } from "./address.ts";

/**
 * What a script is performed on. Two small files make one: the player's dials its target, the server's listens; a
 * test may make one of two arrays.
 */
export interface Stage {
  /** Opens a connection: to the address, or to the target when there is none. */
  connect(address?: Address): Promise<Channel>;
  /** The next who comes in: on the listener of that name, or on the main one. */
  accept(listener?: string): Promise<Channel>;
  /** Listens on a free port of loopback; gives the address to be told to the other side. */
  listen(listener: string): Promise<Address>;
  /** Closes every listener of a name; the channels close themselves. */
  close(): Promise<void>;
}

/** One connection, or for UDP the exchange of datagrams with one address. Bytes are byte strings. */
export interface Channel {
  /** Every write is a message of its own. */
  readonly isDatagram: boolean;
  /** Of the other side; where `|||port|` without a host leads. */
  readonly remoteHost: string;
  /** Who hears what comes; set at once by whoever opened or accepted the channel. */
  hears: ChannelEvents | undefined;
  write(bytes: string): void;
  /** Whether everything written has left the process. */
  readonly isFlushed: boolean;
  /** Resolves when it has. */
  flushed(): Promise<void>;
  /** FIN; what comes is still heard. */
  end(): void;
  /** RST. */
  reset(): void;
  destroy(): void;
  /**
   * TLS from here on; gives its version. Bytes in clear that were not heard are dropped.
   * @param early bytes that were heard, and that the handshake begins with
   */
  startTls(isServer: boolean, early?: string): Promise<string>;
}

export interface ChannelEvents {
  received(bytes: string): void;
  /** The other side has said all it will say; `error` when the connection broke. */
  ended(error?: Error): void;
}

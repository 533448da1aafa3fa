/** Whoever owns one end of a WebSocket hears of these. */
export interface WebSocketOwner {
  /**
   * What is heard is answered in promises: a close frame that has come with it is answered a turn later, and a violation
   * too. @default false
   */
  readonly hearsInPromises?: boolean;
  /** A whole message; text has been checked to be UTF-8. */
  heard(message: Buffer, isText: boolean): void;
  /** A ping or a pong; pings are answered without anybody's help. */
  beat?(): void;
  /** The other side reads again after `bufferedBytes` had grown. */
  drained?(): void;
  /** More than `maxBufferedBytes` wait to be read. @default the connection is closed with 1008 */
  overflowed?(): void;
  /** The connection is over. */
  closed(end: WebSocketEnd): void;
}

/** How a WebSocket ended. */
export interface WebSocketEnd {
  /** Of the other side's close frame, or ours when we failed the connection; 1005 without one, 1006 for a lost one. */
  readonly code: number;
  readonly reason: string;
  /** Whether both sides have said goodbye. */
  readonly isClean: boolean;
  readonly error?: Error | undefined;
}

/** The bounds of one end of a WebSocket. */
export interface WebSocketLimits {
  /** Largest message heard; a larger one closes the connection with 1009. */
  readonly maxMessageBytes: number;
  /** What may wait for a slow reader. */
  readonly maxBufferedBytes: number;
  /** Silence after which a ping is sent; 0 sends none. */
  readonly pingIntervalMs: number;
  /** How long the answer to it may take. */
  readonly pongTimeoutMs: number;
  /** How long the other side may take to answer our close frame, and to end its connection. */
  readonly closeTimeoutMs: number;
}

/** Whoever owns a connection hears of these. */
export interface ConnectionOwner {
  received(bytes: Buffer): void;
  /** The other side has sent its FIN; we can still speak. */
  ended(): void;
  /** The other side reads again after we had more to say than the socket could hold. */
  drained(): void;
  /** The connection is gone; `error` when it did not end well. */
  closed(error: Error | undefined): void;
}

/** What a connection is told besides. */
export interface ConnectionOptions {
  /** Who is behind the proxy at the other end, if there is one. */
  readonly client?: { readonly address: string; readonly port: number } | undefined;
  /** How text becomes bytes; `latin1` where a character stands for a byte. @default "utf8" */
  readonly encoding?: "utf8" | "latin1" | undefined;
}

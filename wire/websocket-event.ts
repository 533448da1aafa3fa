/** What arrived. `end` counts the bytes of the stream up to its end. */
export type WebSocketEvent =
  | WebSocketMessage
  | { readonly type: "ping" | "pong"; readonly payload: Buffer; readonly end: number }
  | {
      readonly type: "close";
      readonly code: number | undefined;
      readonly reason: string;
      readonly end: number;
    };

/** A message that arrived. */
export interface WebSocketMessage {
  readonly type: "text" | "binary";
  readonly payload: Buffer;
  readonly end: number;
  /** The payload is as it came, deflated and not checked to be UTF-8; only with `allowsDeflate`. */
  readonly isDeflated?: true;
}

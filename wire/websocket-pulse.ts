import type { WebSocketLimits } from "./websocket-owner.ts";

/** Whether the other end of a WebSocket is there still: by what was heard of it, and by pings. It has no clock of its own. */
export class Pulse {
  readonly #limits: WebSocketLimits;
  /** When something was heard, or what we said was read, last; when we began to close, after that. */
  lastMs = performance.now();
  #hasPinged = false;

  constructor(limits: WebSocketLimits) {
    this.#limits = limits;
  }

  /** Something has come. */
  beat(nowMs: number, isClosing: boolean): void {
    if (!isClosing) this.lastMs = nowMs;
    this.#hasPinged = false;
  }

  /** What is due: a ping; the end, for there is no answer to it, or to our close frame; or nothing. */
  due(nowMs: number, isClosing: boolean): "ping" | "end" | undefined {
    const { pingIntervalMs, pongTimeoutMs, closeTimeoutMs } = this.#limits;
    const quietMs = nowMs - this.lastMs;
    if (isClosing) return quietMs > closeTimeoutMs ? "end" : undefined;
    if (pingIntervalMs === 0 || quietMs <= pingIntervalMs) return undefined;
    if (this.#hasPinged) return quietMs > pingIntervalMs + pongTimeoutMs ? "end" : undefined;
    this.#hasPinged = true;
    return "ping";
  }
}

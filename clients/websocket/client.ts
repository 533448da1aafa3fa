import { setTimeout as wait } from "node:timers/promises";
import { WireError } from "../../wire/errors.ts";
import { Deflation } from "../../wire/websocket-deflate.ts";
import { WebSocketLink } from "../../wire/websocket-link.ts";
import type { WebSocketEnd, WebSocketOwner } from "../../wire/websocket-owner.ts";
import { Outbox } from "../../wire/websocket-outbox.ts";
import { HandshakeRefused, type Opened, openWebSocket } from "./handshake.ts";
import { MessageQueue } from "./message-queue.ts";
import type { ResolvedWebSocketClientOptions } from "./options.ts";

/** One side of a conversation over WebSocket, over as many connections as it takes. */
export class WebSocketClient implements WebSocketOwner, AsyncDisposable {
  readonly #url: URL;
  readonly #options: ResolvedWebSocketClientOptions;
  readonly #queue = new MessageQueue((isFull) => (isFull ? this.#link?.hold() : this.#link?.release()));
  readonly #gone = Promise.withResolvers<void>();
  readonly #leaving = new AbortController();
  #link: WebSocketLink | undefined;
  #clock: NodeJS.Timeout | undefined;
  #connections = 0;
  #subprotocol: string | undefined;
  /** Resolved, and made anew, whenever a connection has begun or ended. */
  #change = Promise.withResolvers<void>();
  /** Nothing is connected any more; with the error when that was given up. */
  #end: { readonly error: WireError | undefined } | undefined;

  constructor(url: URL, options: ResolvedWebSocketClientOptions) {
    this.#url = url;
    this.#options = options;
  }

  get url(): string {
    return this.#url.href;
  }

  /** What the last handshake agreed upon. */
  get subprotocol(): string | undefined {
    return this.#subprotocol;
  }

  /** Whether something can be sent now. */
  get isOpen(): boolean {
    return this.#link?.isOpen === true;
  }

  /** How many connections there have been, the first one included. */
  get connections(): number {
    return this.#connections;
  }

  /** Bytes sent that the server has not taken yet. */
  get bufferedBytes(): number {
    return this.#link?.bufferedBytes ?? 0;
  }

  /** Resolved when something can be sent, now or after connecting anew. @throws WireError when that is given up */
  async opened(): Promise<void> {
    while (!this.isOpen) {
      if (this.#end) {
        throw this.#end.error ?? new WireError("CONNECTION_LOST", `${this.#url.host} has closed`);
      }
      await this.#change.promise;
    }
  }

  /**
   * Send text or bytes; it leaves at the end of this turn of the event loop.
   * @throws WireError CONNECTION_LOST while there is no connection
   */
  send(message: string | Uint8Array): void {
    if (!this.isOpen) throw new WireError("CONNECTION_LOST", `there is no connection to ${this.#url.host}`);
    this.#link?.send(message);
  }

  ping(payload?: string | Uint8Array): void {
    this.#link?.ping(payload);
  }

  /** The next message: text, or bytes. @throws WireError CONNECTION_LOST when none comes any more */
  async receive(): Promise<string | Buffer> {
    const message = await this.#queue.take();
    if (message === undefined) throw new WireError("CONNECTION_LOST", `${this.#url.host} has closed`);
    return message;
  }

  /** Every message until the end. @throws WireError CONNECTION_LOST when that was no goodbye */
  async *[Symbol.asyncIterator](): AsyncIterableIterator<string | Buffer> {
    for (;;) {
      const message = await this.#queue.take();
      if (message === undefined) return;
      yield message;
    }
  }

  /**
   * Say goodbye, and wait for the server's; what it says until then is not heard. Nothing is connected anew.
   * @throws TypeError for a reason over 123 bytes
   */
  async close(code = 1000, reason = ""): Promise<void> {
    this.#leaving.abort();
    if (this.#link?.isOpen) {
      this.#link.close(code, reason);
      this.#link.release();
    } else if (!this.#link) this.#finish(undefined);
    else if (this.#link.isSilent) this.#link.destroy();
    await this.#gone.promise;
  }

  /** Cut the connection: `rst` resets it, `fin` ends it without a close frame, `silence` says and hears nothing more. */
  drop(how: "rst" | "fin" | "silence"): void {
    if (how === "rst") this.#link?.reset();
    else if (how === "fin") this.#link?.end();
    else this.#link?.silence();
  }

  /** The connection ends at once. */
  async destroy(): Promise<void> {
    this.#leaving.abort();
    if (this.#link) this.#link.destroy();
    else this.#finish(undefined);
    await this.#gone.promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Open the first connection, or another one. @throws WireError as `openWebSocket` */
  async open(): Promise<void> {
    const opened = await openWebSocket(this.#url, this.#options);
    if (this.#leaving.signal.aborted) opened.socket.destroy();
    else this.#begin(opened);
  }

  get hearsInPromises(): boolean {
    return this.#options.onMessage === undefined;
  }

  heard(message: Buffer, isText: boolean): void {
    const said = isText ? message.toString() : message;
    const { onMessage } = this.#options;
    if (onMessage) onMessage(said, (answer) => this.#link?.send(answer));
    else this.#queue.push(said);
  }

  closed(end: WebSocketEnd): void {
    clearInterval(this.#clock);
    this.#link = undefined;
    const { signal } = this.#leaving;
    if (this.#options.reconnects && !signal.aborted && comesBack(end.code)) {
      void this.#reopen(end);
    } else this.#finish(signal.aborted || isGoodbye(end) ? undefined : this.#lost(end));
  }

  #begin({ socket, subprotocol, agreement }: Opened): void {
    const options = this.#options;
    this.#connections += 1;
    this.#subprotocol = subprotocol;
    const deflation =
      agreement && options.deflate ? new Deflation(agreement, "client", options.deflate) : undefined;
    const link = new WebSocketLink(socket, this, "client", options, new Outbox(), deflation);
    this.#link = link;
    const shortestMs = Math.min(
      options.pingIntervalMs || Infinity,
      options.pongTimeoutMs,
      options.closeTimeoutMs,
    );
    const everyMs = Math.min(Math.max(shortestMs / 4, 10), 1_000);
    this.#clock = setInterval(() => link.check(performance.now()), everyMs).unref();
    options.onOpen?.({
      connection: this.#connections,
      subprotocol,
      send: (message) => link.send(message),
    });
    this.#changed();
    // What came behind the handshake waits in the socket.
    socket.resume();
  }

  /** Try again and again, each time after a longer wait. */
  async #reopen(end: WebSocketEnd): Promise<void> {
    const { retryDelayMs, maxRetryDelayMs, maxRetries } = this.#options;
    const { signal } = this.#leaving;
    let failure = this.#lost(end);
    for (let attempt = 0; attempt < maxRetries; attempt += 1) {
      const longestMs = Math.min(retryDelayMs * 2 ** attempt, maxRetryDelayMs);
      // Half of it is left to chance, so that all clients of a server that was away do not come at once.
      await wait(longestMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      try {
        await this.open();
        return;
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        failure = error;
        if (error instanceof HandshakeRefused && !passes(error.status)) break;
      }
    }
    this.#finish(failure);
  }

  #finish(error: WireError | undefined): void {
    this.#end = { error };
    this.#queue.end(error);
    this.#changed();
    this.#gone.resolve();
  }

  #changed(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  #lost({ code, reason, error }: WebSocketEnd): WireError {
    const why = error?.message ?? (reason === "" ? "" : reason);
    return new WireError(
      error instanceof WireError
        ? error.code
        : code === 1002 || code === 1007
          ? "PROTOCOL_VIOLATION"
          : "CONNECTION_LOST",
      `${this.#url.host} ${code === 1006 ? "broke off" : `closed with ${code}`}${why === "" ? "" : `: ${why}`}`,
      { cause: error },
    );
  }
}

/** Nobody did anything wrong: done (1000), going away (1001), no code (1005). */
const isGoodbye = ({ code, isClean }: WebSocketEnd): boolean => isClean && [1000, 1001, 1005].includes(code);

/** Whether it makes sense to come again: not after a goodbye, nor when the same would be wrong again. */
const comesBack = (code: number): boolean => ![1000, 1002, 1003, 1005, 1007, 1008, 1009, 1010].includes(code);

/** Whether a refusal may be another one next time: overload, or a request that was mangled on its way. */
const passes = (status: number): boolean => status >= 500 || [400, 408, 425, 429].includes(status);

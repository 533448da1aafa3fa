import type { Socket } from "node:net";
import { Connection, type ConnectionOwner } from "./connection.ts";
import { closePayload, encodeFrame, opcodes, type WebSocketError, WebSocketReader } from "./websocket.ts";
import type { Deflation } from "./websocket-deflate.ts";
import type { WebSocketMessage } from "./websocket-event.ts";
import { closeCodes } from "./websocket-frame.ts";
import { freshMask } from "./websocket-mask.ts";
import type { Outbox, Said } from "./websocket-outbox.ts";
import type { WebSocketEnd, WebSocketLimits, WebSocketOwner } from "./websocket-owner.ts";
import { Pulse } from "./websocket-pulse.ts";

/**
 * One end of a WebSocket (RFC 6455) on a socket whose handshake is done: frames in, frames out, pings, the closing
 * handshake, deadlines. What is said in one turn of the event loop leaves in one write.
 */
export class WebSocketLink implements ConnectionOwner {
  readonly #link: Connection;
  readonly #owner: WebSocketOwner;
  readonly #limits: WebSocketLimits;
  readonly #reader: WebSocketReader;
  readonly #outbox: Outbox;
  readonly #isClient: boolean;
  /** Compression, when it was agreed upon. */
  readonly deflation: Deflation | undefined;
  #said: Said | undefined;
  /** Our close frame has been said. */
  #isClosing = false;
  /** Nothing is heard any more. */
  #isDeaf = false;
  #isOver = false;
  /** The other side does not read us, and is not read either. */
  #isCongested = false;
  #isHeld = false;
  #isSilent = false;
  #end: WebSocketEnd | undefined;
  /** What ends the connection, when those are still to answer who have heard what came before it. */
  #last: (() => void) | undefined;
  readonly #pulse: Pulse;

  constructor(
    socket: Socket,
    owner: WebSocketOwner,
    role: "client" | "server",
    limits: WebSocketLimits,
    outbox: Outbox,
    deflation?: Deflation,
  ) {
    this.#owner = owner;
    this.#limits = limits;
    this.#pulse = new Pulse(limits);
    this.#outbox = outbox;
    this.deflation = deflation;
    this.#isClient = role === "client";
    // Who is masked is the client, always and only (RFC 6455 section 5.1).
    this.#reader = new WebSocketReader({
      isMasked: !this.#isClient,
      // What a socket gives is nobody else's, unless faults stand in between and hold it.
      ownsBytes: true,
      maxMessageBytes: limits.maxMessageBytes,
      allowsDeflate: deflation !== undefined,
    });
    this.#link = new Connection(socket, this);
  }

  /** The connection below: who is at its other end, and the places for faults. */
  get connection(): Connection {
    return this.#link;
  }

  /** Whether messages can be said: neither side has closed. */
  get isOpen(): boolean {
    return !this.#isClosing && !this.#isOver;
  }

  /** Whether `silence` was asked for. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** When something was heard last, by `performance.now()`. */
  get heardMs(): number {
    return this.#pulse.lastMs;
  }

  /** Bytes said that the other side has not taken yet. */
  get bufferedBytes(): number {
    return this.#link.waitingBytes + (this.#said?.length ?? 0);
  }

  /** What was said in earlier turns and the network has not taken; without what faults hold back, which is only late. */
  get unsentBytes(): number {
    return this.#link.waitingBytes - this.#link.heldBytes;
  }

  /** Say one message; text or bytes. Nothing is said after a close. */
  send(message: string | Uint8Array): void {
    if (typeof message === "string") this.#frame(opcodes.text, Buffer.from(message));
    else this.#frame(opcodes.binary, message);
  }

  /** Say a frame that is encoded already, as a server does for many. It must not change any more. */
  sendFrame(frame: Uint8Array): void {
    if (this.#isClosing || this.#isOver) return;
    this.#said = (this.#said ?? this.#outbox.begin(this)).and(frame);
  }

  ping(payload: string | Uint8Array = ""): void {
    this.#frame(opcodes.ping, typeof payload === "string" ? Buffer.from(payload) : payload);
  }

  /**
   * Say goodbye; the other side answers with its own close frame.
   * @throws TypeError for a reason over 123 bytes
   */
  close(code?: number, reason?: string): void {
    if (this.#isClosing || this.#isOver) return;
    this.#frame(opcodes.close, closePayload(code, reason));
    this.#isClosing = true;
    this.#pulse.lastMs = performance.now();
  }

  /** RST, without what waits to leave. */
  reset(): void {
    this.#isDeaf = this.#isClosing = true;
    this.#said = undefined;
    this.#link.reset();
  }

  /** FIN, without a close frame. */
  end(): void {
    this.#isDeaf = this.#isClosing = true;
    this.flush();
    this.#link.end();
    this.#pulse.lastMs = performance.now();
  }

  /** Say and hear nothing more, and keep the connection open: what a peer looks like whose cable was pulled. */
  silence(): void {
    this.#isDeaf = this.#isClosing = this.#isSilent = true;
    this.#said = undefined;
    this.hold();
  }

  destroy(): void {
    this.#link.destroy();
  }

  /** Read nothing more until `release`. */
  hold(): void {
    this.#isHeld = true;
    this.#link.pause();
  }

  release(): void {
    this.#isHeld = false;
    if (!this.#isCongested) this.#link.resume();
  }

  /** Look at the clock; called every so often by whoever owns the connections. */
  check(nowMs: number): void {
    if (this.#isSilent) return;
    const due = this.#pulse.due(nowMs, this.#isClosing);
    if (due === "ping") this.ping();
    else if (due === "end" && !this.#isClosing) {
      const error = new Error(`no answer to a ping within ${this.#limits.pongTimeoutMs} ms`);
      this.#end = { code: closeCodes.abnormal, reason: "", isClean: false, error };
      this.destroy();
    } else if (due === "end" && this.#link.heldBytes === 0) this.destroy();
  }

  /** Send what was said in this turn; called by the outbox. */
  flush(): void {
    const said = this.#said;
    if (said === undefined) return;
    this.#said = undefined;
    if (this.#isOver) return;
    const isBehind = this.#link.waitingBytes > this.#limits.maxBufferedBytes;
    this.#link.say(said.bytes());
    this.#link.flush();
    if (isBehind && !this.#isClosing) {
      if (this.#owner.overflowed) this.#owner.overflowed();
      else this.close(closeCodes.policyViolation, "what is sent is not read");
    }
    if (this.#link.isCongested && !this.#isCongested) {
      this.#isCongested = true;
      this.#link.pause();
    }
  }

  received(bytes: Buffer): void {
    if (this.#isDeaf || this.#last !== undefined) return;
    const nowMs = performance.now();
    this.#pulse.beat(nowMs, this.#isClosing);
    this.#outbox.beginHearing(nowMs);
    try {
      this.#read(bytes);
    } finally {
      this.#outbox.endHearing();
    }
  }

  ended(): void {
    this.#settle();
    if (!this.#isDeaf) this.end();
    this.#link.destroySoon();
  }

  drained(): void {
    if (!this.#isClosing) this.#pulse.lastMs = performance.now();
    if (this.#isCongested) {
      this.#isCongested = false;
      if (!this.#isHeld) this.#link.resume();
    }
    if (this.isOpen) this.#owner.drained?.();
  }

  closed(error: Error | undefined): void {
    this.#settle();
    this.#isOver = this.#isClosing = this.#isDeaf = true;
    this.#said = undefined;
    this.#owner.closed(this.#end ?? { code: closeCodes.abnormal, reason: "", isClean: false, error });
  }

  #read(bytes: Buffer): void {
    let hasHeard = false;
    for (const event of this.#reader.push(bytes)) {
      if (event.type === "close")
        return this.#endWith(() => this.#goodbye(event.code, event.reason), hasHeard);
      if (event.type === "text" || event.type === "binary") {
        if (this.#isClosing) continue;
        const failure = this.#hear(event);
        if (failure) return this.#endWith(() => this.#fail(failure), hasHeard);
        hasHeard = true;
      } else {
        if (event.type === "ping") this.#frame(opcodes.pong, event.payload);
        this.#owner.beat?.();
      }
      if (this.#isDeaf) return;
    }
    const { failure } = this.#reader;
    if (failure) this.#endWith(() => this.#fail(failure), hasHeard);
  }

  /** What ends the connection; whoever takes the messages in front of it in promises can answer them before. */
  #endWith(last: () => void, isBehindMessages: boolean): void {
    if (!isBehindMessages || this.#owner.hearsInPromises !== true) return last();
    this.#last = last;
    setImmediate(() => this.#settle());
  }

  #settle(): void {
    const last = this.#last;
    this.#last = undefined;
    if (!this.#isDeaf) last?.();
  }

  #hear({ type, payload, isDeflated }: WebSocketMessage): WebSocketError | undefined {
    const isText = type === "text";
    let message = payload;
    try {
      if (isDeflated) message = this.deflation!.inflate(payload, isText, this.#limits.maxMessageBytes);
    } catch (error) {
      return error as WebSocketError;
    }
    this.#owner.heard(message, isText);
    return undefined;
  }

  #frame(opcode: number, payload: Uint8Array): void {
    if (this.#isClosing || this.#isOver) return;
    const options = this.#isClient ? { mask: freshMask() } : noOptions;
    const deflated = opcode < opcodes.close ? this.deflation?.frame(opcode, payload, options) : undefined;
    this.sendFrame(deflated ?? encodeFrame(opcode, payload, options));
  }

  /** The other side's close frame: RFC 6455 section 5.5.1, and section 7.1.1 for who ends the connection. */
  #goodbye(code: number | undefined, reason: string): void {
    this.#end = { code: code ?? closeCodes.noStatus, reason, isClean: true };
    this.close(code, reason);
    this.#isDeaf = true;
    this.flush();
    this.#pulse.lastMs = performance.now();
    if (!this.#isClient) this.#link.end();
    else this.#link.resume();
  }

  /** The other side broke the rules: RFC 6455 section 7.1.7. */
  #fail(error: WebSocketError): void {
    this.close(error.closeCode, error.message);
    this.#end = { code: error.closeCode, reason: error.message, isClean: false, error };
    this.end();
  }
}

const noOptions = {};

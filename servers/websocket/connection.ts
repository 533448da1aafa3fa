import type { Socket } from "node:net";
import type { ConnectionAbout, ConnectionInterceptor } from "../../wire/interceptor.ts";
import type { Guest } from "../../wire/listener.ts";
import type { Passage } from "../../wire/passage.ts";
import { Deflation } from "../../wire/websocket-deflate.ts";
import type { DeflateAgreement } from "../../wire/websocket-extension.ts";
import { WebSocketLink } from "../../wire/websocket-link.ts";
import type { WebSocketEnd, WebSocketOwner } from "../../wire/websocket-owner.ts";
import { Frame, shownBytes, shownText } from "./frame.ts";
import type { House } from "./house.ts";
import type { SocketLimits } from "./options.ts";
import { RuledTurns } from "./ruled-turns.ts";
import type { Hearer } from "./site.ts";

/** The largest frame that a transcript keeps as it is, and shows when somebody looks. */
const maxKeptBytes = 512;

/** One WebSocket of a server. */
export class WebSocketConnection implements WebSocketOwner, Guest, ConnectionAbout {
  /** The n-th of the server, from 1. */
  readonly connection: number;
  readonly #house: House;
  readonly #limits: SocketLimits;
  readonly #link: WebSocketLink;
  readonly #interceptor: ConnectionInterceptor | undefined;
  #hearer: Hearer | undefined;
  /** Messages that may be said now, and when that was so. */
  #allowance: number;
  #allowanceMs = performance.now();
  #rules: RuledTurns | undefined;

  constructor(
    socket: Socket,
    number: number,
    house: House,
    limits: SocketLimits,
    agreement?: DeflateAgreement,
  ) {
    this.connection = number;
    this.#house = house;
    this.#limits = limits;
    this.#allowance = limits.maxMessagesPerSecond * 2;
    const { deflate } = house.options;
    const deflation = agreement && deflate ? new Deflation(agreement, "server", deflate) : undefined;
    this.#link = new WebSocketLink(socket, this, "server", limits, house.outbox, deflation);
    this.#interceptor = house.interceptor.open(this);
  }

  get remoteAddress(): string {
    return this.#link.connection.remoteAddress;
  }

  get remotePort(): number {
    return this.#link.connection.remotePort;
  }

  get incoming(): Passage {
    return this.#link.connection.incoming;
  }

  get outgoing(): Passage {
    return this.#link.connection.outgoing;
  }

  /** Whether messages can be sent: neither side has closed. */
  get isOpen(): boolean {
    return this.#link.isOpen;
  }

  /** Bytes sent that the other side has not taken yet. */
  get bufferedBytes(): number {
    return this.#link.bufferedBytes;
  }

  /**
   * What of earlier turns the network has not taken, without what faults hold back on purpose: who skips what is
   * superseded goes by it.
   */
  get unsentBytes(): number {
    return this.#link.unsentBytes;
  }

  /**
   * Send text, bytes, or a frame made by `frameOf` for many. It leaves at the end of this turn of the event loop.
   * @param isText whether bytes are text already, in UTF-8
   */
  send(message: string | Uint8Array | Frame, isText?: boolean): void {
    if (!this.#link.isOpen) return;
    const frame = message instanceof Frame ? message : new Frame(message, isText);
    // What a rule may leave out or say later is not compressed: what follows could refer to it.
    if (this.#rules?.keeps(frame.bytes)) return;
    const { deflation } = this.#link;
    this.#link.sendFrame(
      deflation === undefined ? frame.bytes : frame.deflatedBy(deflation, frame === message),
    );
    const { recorder, outbox } = this.#house;
    // A frame for many is kept as it is, and shown when somebody looks. Of one for a single connection the text is kept:
    // ten thousand frames that are kept cost a garbage collector more than their texts.
    if (frame === message && frame.bytes.length <= maxKeptBytes)
      recorder.recordLate(this.connection, "S", frame, showFrame, outbox.turnMs);
    else recorder.recordLate(this.connection, "S", frame.shown, String, outbox.turnMs);
  }

  /**
   * Say goodbye; the other side answers with its own close frame.
   * @param code 1000, 1001, 1003, 1007 to 1014 or 3000 to 4999 (RFC 6455 section 7.4)
   * @throws TypeError for a reason over 123 bytes
   */
  close(code = 1000, reason = ""): void {
    if (!this.#link.isOpen) return;
    this.#link.close(code, reason);
    this.#record("S", `close ${code} ${reason}`.trimEnd());
  }

  /** Cut the connection: `rst` resets it, `fin` ends it without a close frame, `silence` says and hears nothing more. */
  drop(how: "rst" | "fin" | "silence"): void {
    this.note(`dropped: ${how}`);
    if (how === "rst") this.#link.reset();
    else if (how === "fin") this.#link.end();
    else this.#link.silence();
  }

  /** Read nothing more until `release`: what was heard takes its time. */
  hold(): void {
    this.#link.hold();
  }

  release(): void {
    this.#link.release();
  }

  /** Tell who the client is: rules may be meant for one user. */
  identify(user: string): void {
    this.#interceptor?.identified?.(user);
  }

  /** Write an event into the transcript. */
  note(event: string): void {
    this.#record("*", event);
  }

  leave(): void {
    this.close(1001, "the server closes");
  }

  destroy(): void {
    this.#link.destroy();
  }

  /** From the server: who hears, and the bytes that came behind the handshake. */
  begin(welcome: () => Hearer, head: Buffer): void {
    this.#guarded(() => (this.#hearer = welcome()));
    if (head.length > 0) this.#link.received(head);
  }

  /** From the server: look at the clock. */
  check(nowMs: number): void {
    this.#link.check(nowMs);
  }

  heard(message: Buffer, isText: boolean): void {
    this.beat();
    if (!this.#link.isOpen) return;
    this.#recordHeard(message, isText);
    const interceptor = this.#interceptor;
    if (interceptor === undefined || (interceptor.isIdle && this.#rules?.isBusy !== true)) {
      this.#pass(message, isText);
      return;
    }
    this.#rules ??= new RuledTurns(this.#link, (passed, isText) => this.#pass(passed, isText));
    this.#rules.hear(message, isText, (text) => interceptor.heard?.(text));
  }

  /** Also called for pings and pongs. */
  beat(): void {
    const perSecond = this.#limits.maxMessagesPerSecond;
    if (perSecond === Infinity) return;
    const nowMs = this.#link.heardMs;
    const earned = ((nowMs - this.#allowanceMs) / 1_000) * perSecond;
    this.#allowance = Math.min(perSecond * 2, this.#allowance + earned);
    this.#allowanceMs = nowMs;
    if (--this.#allowance < 0) this.close(1008, `more than ${perSecond} messages a second`);
  }

  drained(): void {
    this.#hearer?.drained?.();
  }

  overflowed(): void {
    if (this.#hearer?.overflowed) this.#hearer.overflowed();
    else this.close(1008, "what is sent is not read");
  }

  closed(end: WebSocketEnd): void {
    const words = end.isClean ? `closed ${end.code} ${end.reason}` : `connection lost: ${whyLost(end)}`;
    this.#record(end.isClean ? "C" : "*", words.trimEnd());
    this.#rules?.close();
    this.#interceptor?.closed?.();
    this.#hearer?.closed?.(end);
  }

  #pass(message: Buffer, isText: boolean): void {
    this.#guarded(() => this.#hearer?.heard(message, isText));
  }

  /** What goes wrong in a door ends this connection, and not the process. */
  #guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.note(`error: ${error instanceof Error ? error.message : String(error)}`);
      this.close(1011, "something went wrong here");
    }
  }

  #recordHeard(message: Buffer, isText: boolean): void {
    const { recorder, outbox } = this.#house;
    const atMs = outbox.turnMs;
    if (isText) recorder.recordLate(this.connection, "C", shownText(message), String, atMs);
    else recorder.recordLate(this.connection, "C", message.length, shownBytes, atMs);
  }

  #record(from: "C" | "S" | "*", text: string): void {
    this.#house.recorder.record(this.connection, from, text, timeOrigin + performance.now());
  }
}

const { timeOrigin } = performance;

const showFrame = (frame: Frame): string => frame.shown;

const whyLost = ({ code, error }: WebSocketEnd): string =>
  error === undefined ? "without a close frame" : `${error.message} (${code})`;

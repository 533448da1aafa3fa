import type { Socket } from "node:net";
import { Connection, type ConnectionOwner, type TlsUpgrade } from "../../wire/connection.ts";
import { WireError } from "../../wire/errors.ts";
import { HttpViolation } from "../../wire/http-head.ts";
import type { Guest } from "../../wire/listener.ts";
import { Answerer, type AnswererHost } from "./answerer.ts";
import type { House } from "./house.ts";
import type { IncomingBody } from "./incoming-body.ts";
import type { KnownHead } from "./known-heads.ts";
import { refusal } from "./reply.ts";
import type { RequestOrigin, WebRequest } from "./request.ts";
import { brokenOff } from "./request-body.ts";
import { RequestReader } from "./request-reader.ts";

/** What may wait unread while a request is answered, before the client is asked to pause. */
const maxAheadBytes = 65_536;
/** What a burst of answers may hold before it leaves. */
const maxBurstBytes = 262_144;

/**
 * One connection of a web server: requests in, one after the other, and their answers out in the same order.
 *
 * ```
 *            ┌────────────────────────────── next request ◄────────────────────────────┐
 * bytes ─► head ─► request ─► ready response | rule | route | file | refusal ─► answer ─┴─► end
 *                     └─► body, as fast as it is read ─► handler
 * ```
 *
 * Requests that come ahead (pipelining) wait; what they are answered in one burst leaves in one write.
 */
export class WebConnection implements ConnectionOwner, Guest, AnswererHost {
  readonly #connection: Connection;
  readonly #house: House;
  readonly #reader: RequestReader;
  readonly #answerer: Answerer;
  readonly #origin: { -readonly [Field in keyof RequestOrigin]: RequestOrigin[Field] };
  /** A handshake is under way. */
  #isSecuring = false;
  #isLeaving = false;
  #isAdvancing = false;
  #isPaused = false;
  #hasEnded = false;
  /** When we said our last word; 0 before. */
  #endedMs = 0;
  #activeMs = performance.now();

  constructor(socket: Socket, number: number, house: House, tls?: TlsUpgrade) {
    this.#house = house;
    this.#connection = new Connection(socket, this);
    const { remoteAddress, remotePort } = this.#connection;
    this.#origin = { connection: number, remoteAddress, remotePort, isSecure: tls !== undefined };
    this.#reader = new RequestReader(house, this.#origin, {
      begin: () => this.#answerer.continue(),
      drained: () => this.#resume(),
    });
    this.#answerer = new Answerer(this.#connection, this.#origin, house, this);
    if (tls) void this.#secure(tls);
  }

  received(bytes: Buffer): void {
    this.#activeMs = performance.now();
    if (this.#answerer.tunnel) {
      this.#answerer.tunnel.received(bytes);
      return;
    }
    if (this.#endedMs > 0) return;
    this.#reader.push(bytes);
    this.#advance();
  }

  ended(): void {
    this.#hasEnded = true;
    this.#answerer.writer.leave();
    if (this.#answerer.tunnel) this.#answerer.tunnel.ended();
    else if (this.#endedMs > 0) this.#connection.destroySoon();
    else if (this.#reader.incoming) this.#breakOff(brokenOff(this.#origin.remoteAddress));
    else this.#advance();
  }

  drained(): void {
    this.#activeMs = performance.now();
    if (this.#answerer.tunnel) this.#answerer.tunnel.drained();
    else {
      this.#answerer.writer.drained();
      if (!this.#answerer.request) this.#advance();
    }
  }

  closed(error: Error | undefined): void {
    const incoming = this.#reader.incoming;
    this.#reader.incoming = undefined;
    const { remoteAddress } = this.#origin;
    if (incoming) this.#reader.heard(incoming.request, brokenOff(remoteAddress));
    const what = `${remoteAddress} went before it was answered`;
    if (this.#answerer.request)
      this.#answerer.request.error ??= new WireError("CONNECTION_LOST", what, { cause: error });
    this.#answerer.close(error);
    this.#endedMs ||= performance.now();
  }

  leave(): void {
    this.#isLeaving = true;
    if (this.#answerer.tunnel) this.#answerer.tunnel.end();
    else if (
      !this.#answerer.request &&
      !this.#reader.incoming &&
      this.#reader.byteCount === 0 &&
      !this.#isSecuring
    )
      this.#end();
  }

  destroy(): void {
    this.#connection.destroy();
  }

  /** Called by the server's clock: see whether something took too long. */
  check(nowMs: number): void {
    const { options } = this.#house;
    const silentMs = nowMs - this.#activeMs;
    if (this.#answerer.tunnel) return;
    if (this.#endedMs > 0) {
      if (nowMs - this.#endedMs > options.lingerMs) this.#connection.destroy();
    } else if (this.#isSecuring) {
      if (silentMs > options.handshakeTimeoutMs) this.#connection.destroy();
    } else if (this.#reader.incoming) {
      const { body } = this.#reader.incoming.request;
      const isLate =
        nowMs - this.#reader.startedMs > options.messageTimeoutMs || silentMs > options.idleTimeoutMs;
      // While its reader makes it wait, the client is not to blame.
      if (isLate && !body.isFull) this.#breakOff(new WireError("TIMED_OUT", "the body came too slowly"), 408);
    } else if (this.#answerer.request) {
      if (this.#connection.isCongested && silentMs > options.idleTimeoutMs) this.#connection.destroy();
    } else if (this.#reader.byteCount > 0) {
      if (nowMs - this.#reader.startedMs > options.headTimeoutMs)
        this.#refuse(408, "the head came too slowly");
    } else if (silentMs > options.idleTimeoutMs) this.#end();
  }

  /** For the answerer. */
  get isOver(): boolean {
    return this.#isLeaving || (this.#hasEnded && this.#reader.byteCount === 0);
  }

  /** For the answerer. */
  get isEnded(): boolean {
    return this.#endedMs > 0;
  }

  /** For the answerer. */
  get isReceiving(): boolean {
    return this.#reader.incoming !== undefined;
  }

  /** From the answerer. */
  saidLastWord(): void {
    this.#endedMs ||= performance.now();
  }

  /** From the answerer: go on with the next request. */
  answered(request: WebRequest, closes: boolean): void {
    if (closes) {
      this.#reader.incoming = undefined;
      this.#reader.heard(request);
      this.#end();
      return;
    }
    if (request.hasBody) request.body.leaveUnread();
    this.#activeMs = performance.now();
    this.#resume();
  }

  /** For the answerer. */
  takeRest(): Buffer {
    return this.#reader.takeRest();
  }

  /** Write something into the transcript. */
  record(from: "C" | "S" | "*", text: string): void {
    this.#house.recorder.record(this.#origin.connection, from, text, performance.timeOrigin + this.#activeMs);
  }

  /** Go through what has come, as far as it goes. */
  #advance(): void {
    this.#isAdvancing = true;
    while (this.#endedMs === 0 && !this.#answerer.tunnel) {
      if (this.#reader.incoming) {
        if (!this.#readBody(this.#reader.incoming)) break;
      } else if (this.#answerer.request || this.#reader.byteCount === 0 || this.#connection.isCongested)
        break;
      else if (!this.#readHead()) break;
      // A burst leaves in one write, but must not grow without bound: small requests can ask for large answers.
      if (this.#answerer.saidBytes > maxBurstBytes) this.#flush();
    }
    this.#isAdvancing = false;
    // What follows an answer that takes its time may be a reset, and that would take with it what waits.
    if (this.#answerer.request) this.#flush();
    else this.#connection.flushSoon();
    // After its FIN nothing more comes: what is left is no request.
    const waits =
      this.#answerer.request !== undefined || (this.#connection.isCongested && this.#reader.byteCount > 0);
    if (this.#hasEnded && !waits && !this.#answerer.tunnel && this.#endedMs === 0) this.#end();
    const isFull = this.#reader.incoming
      ? this.#reader.incoming.request.body.isFull
      : waits && this.#reader.byteCount > maxAheadBytes;
    if (isFull && !this.#isPaused) {
      this.#isPaused = true;
      this.#connection.pause();
    }
  }

  #flush(): void {
    this.#answerer.saidBytes = 0;
    this.#connection.flush();
  }

  /** @returns whether there was a whole head */
  #readHead(): boolean {
    let head: KnownHead | undefined;
    try {
      head = this.#reader.readHead(this.#activeMs);
    } catch (error) {
      if (!(error instanceof HttpViolation)) throw error;
      this.#refuse(error.status, error.message.replace("PROTOCOL_VIOLATION ", ""));
      return false;
    }
    if (!head) return false;
    this.record("C", head.shown);
    this.#answerer.begin(this.#reader.requestOf(head, this.#activeMs), head);
    return true;
  }

  /** @returns whether the body is complete */
  #readBody(incoming: IncomingBody): boolean {
    try {
      return this.#reader.readBody(incoming);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#breakOff(error, error instanceof HttpViolation ? error.status : 413);
      return false;
    }
  }

  /** Read again, and go through what has come already; later, when we are in the middle of it. */
  #resume(): void {
    if (this.#connection.isClosed || this.#endedMs > 0) return;
    if (this.#isPaused) {
      this.#isPaused = false;
      this.#connection.resume();
    }
    if (!this.#isAdvancing) queueMicrotask(() => this.#advance());
  }

  /** The body will not be complete: tell its reader, and the client when it has no answer yet. */
  #breakOff(error: WireError, status?: number): void {
    const incoming = this.#reader.incoming;
    if (!incoming) return;
    this.#reader.incoming = undefined;
    this.#reader.takeRest();
    const isUnanswered = this.#answerer.request === incoming.request && !this.#answerer.writer.hasBegun;
    this.#reader.heard(incoming.request, error);
    if (status !== undefined && isUnanswered) {
      incoming.request.status = status;
      this.#refuse(status, error.message);
    } else if (!this.#answerer.request || status !== undefined) this.#end();
  }

  /** Answer what is no request, and close: nobody knows where the next one would begin. */
  #refuse(status: number, why: string): void {
    this.#reader.takeRest();
    this.#answerer.writer.refuse(refusal(status, why));
    this.#end();
  }

  /** Say no more; hear the client out for a moment, so that it can read our last word. */
  #end(): void {
    if (this.#connection.isClosed) return;
    this.#endedMs = performance.now();
    this.#reader.takeRest();
    this.#connection.end();
    if (this.#hasEnded) this.#connection.destroySoon();
  }

  async #secure(tls: TlsUpgrade): Promise<void> {
    this.#isSecuring = true;
    try {
      const secureContext = this.#answerer.watcher?.secureContext?.();
      const upgrade = secureContext ? { ...tls, secureContext } : tls;
      const { version, cipher } = await this.#connection.startTls(upgrade);
      this.record("*", `TLS ${version} ${cipher}`);
      this.#answerer.watcher?.secured?.();
    } catch (error) {
      this.record("*", error instanceof Error ? error.message : String(error));
      return;
    } finally {
      this.#isSecuring = false;
      this.#activeMs = performance.now();
    }
    if (this.#isLeaving) this.#end();
  }
}

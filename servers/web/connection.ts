import type { Socket } from "node:net";
import { Connection, type ConnectionOwner, type TlsUpgrade } from "../../wire/connection.ts";
import { WireError } from "../../wire/errors.ts";
import { findHeadEnd, HttpViolation } from "../../wire/http-head.ts";
import type { Guest } from "../../wire/listener.ts";
import type { Recorder } from "../../wire/transcript.ts";
import { answerRequest } from "./answering.ts";
import { AnswerWriter } from "./answer-writer.ts";
import type { House } from "./house.ts";
import { IncomingBody } from "./incoming-body.ts";
import type { KnownHead } from "./known-heads.ts";
import { readyResponse } from "./ready-response.ts";
import { type Answer, refusal } from "./reply.ts";
import { type RequestOrigin, WebRequest } from "./request.ts";
import { brokenOff, RequestBody } from "./request-body.ts";
import type { RequestLog } from "./request-log.ts";
import { isScript, type Script } from "./script.ts";
import { Tunnel } from "./upgrade.ts";

/** What may wait unread while a request is answered, before the client is asked to pause. */
const maxAheadBytes = 65_536;
/** What a burst of answers may hold before it leaves. */
const maxBurstBytes = 262_144;
const crlf = 0x0d0a;
const nothing = Buffer.alloc(0);

/**
 * One connection of a web server: requests in, one after the other, and their answers out in the same order.
 *
 * ```
 *            ┌────────────────────────── next request ◄─────────────────────────┐
 * bytes ─► head ─► request ─► ready response | route | file | refusal ─► answer ─┴─► end
 *                     └─► body, as fast as it is read ─► handler
 * ```
 *
 * Requests that come ahead (pipelining) wait; what they are answered in one burst leaves in one write.
 */
export class WebConnection implements ConnectionOwner, Guest {
  readonly #connection: Connection;
  readonly #house: House;
  readonly #log: RequestLog;
  readonly #recorder: Recorder;
  readonly #writer: AnswerWriter;
  readonly #origin: { -readonly [Field in keyof RequestOrigin]: RequestOrigin[Field] };
  #bytes: Buffer = nothing;
  #incoming: IncomingBody | undefined;
  /** The request that is being answered. */
  #answering: WebRequest | undefined;
  #tunnel: Tunnel | undefined;
  #requests = 0;
  /** A handshake is under way. */
  #isSecuring = false;
  /** A client waits for `100 Continue`. */
  #isAwaited = false;
  /** The request that is being answered is the last that the client, or a limit, wants. */
  #isLast = false;
  #isLeaving = false;
  #isAdvancing = false;
  /** What was said since the last write. */
  #saidBytes = 0;
  #isPaused = false;
  #hasEnded = false;
  /** When we said our last word; 0 before. */
  #endedMs = 0;
  /** When the message that is coming began; 0 between two. */
  #startedMs = 0;
  #activeMs = performance.now();

  constructor(socket: Socket, number: number, house: House, tls?: TlsUpgrade) {
    this.#house = house;
    this.#log = house.log;
    this.#recorder = house.recorder;
    this.#connection = new Connection(socket, this);
    const { remoteAddress, remotePort } = this.#connection;
    this.#origin = { connection: number, remoteAddress, remotePort, isSecure: tls !== undefined };
    this.#writer = new AnswerWriter(this.#connection, (text) =>
      this.#record("S", text.replaceAll("\r\n", "\n")),
    );
    if (tls) void this.#secure(tls);
  }

  received(bytes: Buffer): void {
    this.#activeMs = performance.now();
    if (this.#tunnel) {
      this.#tunnel.received(bytes);
      return;
    }
    if (this.#endedMs > 0) return;
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    this.#advance();
  }

  ended(): void {
    this.#hasEnded = true;
    this.#writer.leave();
    if (this.#tunnel) this.#tunnel.ended();
    else if (this.#endedMs > 0) this.#connection.destroySoon();
    else if (this.#incoming) this.#breakOff(brokenOff(this.#origin.remoteAddress));
    else this.#advance();
  }

  drained(): void {
    this.#activeMs = performance.now();
    if (this.#tunnel) this.#tunnel.drained();
    else {
      this.#writer.drained();
      if (!this.#answering) this.#advance();
    }
  }

  closed(error: Error | undefined): void {
    const incoming = this.#incoming;
    this.#incoming = undefined;
    const gone = new WireError(
      "CONNECTION_LOST",
      `${this.#origin.remoteAddress} went before it was answered`,
      {
        cause: error,
      },
    );
    if (incoming) this.#heard(incoming.request, brokenOff(this.#origin.remoteAddress));
    if (this.#answering) this.#answering.error ??= gone;
    this.#tunnel?.destroy(error);
    this.#writer.close();
    this.#endedMs ||= performance.now();
  }

  leave(): void {
    this.#isLeaving = true;
    if (this.#tunnel) this.#tunnel.end();
    else if (!this.#answering && !this.#incoming && this.#bytes.length === 0 && !this.#isSecuring)
      this.#end();
  }

  destroy(): void {
    this.#connection.destroy();
  }

  /** Called by the server's clock: see whether something took too long. */
  check(nowMs: number): void {
    const { options } = this.#house;
    const silentMs = nowMs - this.#activeMs;
    if (this.#tunnel) return;
    if (this.#endedMs > 0) {
      if (nowMs - this.#endedMs > options.lingerMs) this.#connection.destroy();
    } else if (this.#isSecuring) {
      if (silentMs > options.handshakeTimeoutMs) this.#connection.destroy();
    } else if (this.#incoming) {
      const { body } = this.#incoming.request;
      const isLate = nowMs - this.#startedMs > options.messageTimeoutMs || silentMs > options.idleTimeoutMs;
      // While its reader makes it wait, the client is not to blame.
      if (isLate && !body.isFull) this.#breakOff(new WireError("TIMED_OUT", "the body came too slowly"), 408);
    } else if (this.#answering) {
      if (this.#connection.isCongested && silentMs > options.idleTimeoutMs) this.#connection.destroy();
    } else if (this.#bytes.length > 0) {
      if (nowMs - this.#startedMs > options.headTimeoutMs) this.#refuse(408, "the head came too slowly");
    } else if (silentMs > options.idleTimeoutMs) this.#end();
  }

  /** Whether no request follows the one that is being answered. */
  get #isOver(): boolean {
    return this.#isLast || this.#isLeaving || (this.#hasEnded && this.#bytes.length === 0);
  }

  /** Go through what has come, as far as it goes. */
  #advance(): void {
    this.#isAdvancing = true;
    while (this.#endedMs === 0 && !this.#tunnel) {
      if (this.#incoming) {
        if (!this.#readBody(this.#incoming)) break;
      } else if (this.#answering || this.#bytes.length === 0 || this.#connection.isCongested) break;
      else if (!this.#readHead()) break;
      // A burst leaves in one write, but must not grow without bound: small requests can ask for large answers.
      if (this.#saidBytes > maxBurstBytes) this.#flush();
    }
    this.#isAdvancing = false;
    this.#flush();
    // After its FIN nothing more comes: what is left is no request.
    const waits = this.#answering !== undefined || (this.#connection.isCongested && this.#bytes.length > 0);
    if (this.#hasEnded && !waits && !this.#tunnel && this.#endedMs === 0) this.#end();
    const isFull = this.#incoming
      ? this.#incoming.request.body.isFull
      : waits && this.#bytes.length > maxAheadBytes;
    if (isFull && !this.#isPaused) {
      this.#isPaused = true;
      this.#connection.pause();
    }
  }

  #flush(): void {
    this.#saidBytes = 0;
    this.#connection.flush();
  }

  /** @returns whether there was a whole head */
  #readHead(): boolean {
    const { options } = this.#house;
    // RFC 9112 section 2.2: an empty line before a request is a leftover of old clients.
    while (this.#bytes.length >= 2 && this.#bytes.readUInt16BE(0) === crlf)
      this.#bytes = this.#bytes.subarray(2);
    const bytes = this.#bytes;
    if (bytes.length === 0) return false;
    if (this.#startedMs === 0) this.#startedMs = this.#activeMs;
    let head: KnownHead;
    try {
      const end = findHeadEnd(bytes, 0, options);
      if (end === -1) return false;
      const text = bytes.toString("latin1", 0, end - 4);
      this.#bytes = end === bytes.length ? nothing : bytes.subarray(end);
      head = this.#house.heads.read(text);
    } catch (error) {
      if (!(error instanceof HttpViolation)) throw error;
      this.#refuse(error.status, error.message.replace("PROTOCOL_VIOLATION ", ""));
      return false;
    }
    this.#record("C", head.shown);
    this.#requests += 1;
    const { bodyLength } = head;
    const source = { begin: () => this.#continue(), drained: () => this.#resume() };
    const body = bodyLength === 0 ? undefined : new RequestBody(source, options.maxKeptBodyBytes);
    const request = new WebRequest(head, this.#origin, performance.timeOrigin + this.#activeMs, body);
    if (body) this.#incoming = new IncomingBody(request, bodyLength, options.maxBodyBytes);
    else {
      this.#startedMs = 0;
      this.#log.add(request);
    }
    this.#begin(request, head);
    return true;
  }

  #begin(request: WebRequest, head: KnownHead): void {
    const { options, files, routes } = this.#house;
    this.#isLast = head.isLast || this.#requests >= options.maxRequestsPerConnection;
    if (head.isPlain && files && routes.isEmpty && !this.#isLast && !this.#isLeaving) {
      const ready = readyResponse(request.path, files);
      if (ready) {
        this.#connection.say(ready.bytes);
        this.#record("S", ready.head);
        request.status = 200;
        request.sentBytes = ready.bytes.length;
        this.#saidBytes += ready.bytes.length;
        request.durationMs = 0;
        return;
      }
    }
    this.#answering = request;
    const expectation = request.header("expect");
    this.#isAwaited = expectation?.toLowerCase() === "100-continue" && request.version === "1.1";
    const length = head.bodyLength;
    if (head.path === undefined) {
      this.#deliver(request, refusal(400, "the path cannot be decoded, or leaves the root"));
    } else if (expectation !== undefined && !this.#isAwaited && request.version === "1.1") {
      this.#deliver(request, refusal(417, "only 100-continue can be expected"));
    } else if (typeof length === "number" && length > options.maxBodyBytes) {
      this.#deliver(request, refusal(413, `a body may have ${options.maxBodyBytes} bytes`));
    } else {
      const reply = answerRequest(request, this.#house, (headers) => this.#switch(request, headers));
      if (reply instanceof Promise) void reply.then((settled) => this.#deliver(request, settled));
      else this.#deliver(request, reply);
    }
  }

  /** Send a reply; at once when it is at hand, so that a burst of requests is answered in one write. */
  #deliver(request: WebRequest, reply: Answer | Script): void {
    if (this.#tunnel || this.#endedMs > 0) {
      this.#settle(request);
      return;
    }
    if (isScript(reply)) {
      void this.#writer.perform(reply, request).then((isOver) => {
        if (isOver) this.#endedMs ||= performance.now();
        this.#answered(request, isOver);
      });
      return;
    }
    const incoming = this.#incoming;
    // What leaves as it is made may be made of the body: the client is told to send it before the answer begins.
    if (reply.body.kind === "stream") this.#continue();
    // A client that still waits for leave to send its body may send it or not: no next request can be told from it.
    const closes = reply.closes === true || this.#isOver || (incoming !== undefined && this.#isAwaited);
    request.status = reply.status;
    const sending = this.#writer.write(reply, request, closes);
    this.#saidBytes += request.sentBytes ?? 0;
    if (sending) void sending.then((isWhole) => this.#answered(request, closes || !isWhole));
    else this.#answered(request, closes);
  }

  /** The answer is through: go on with the next request. */
  #answered(request: WebRequest, closes: boolean): void {
    this.#settle(request);
    if (closes) {
      this.#incoming = undefined;
      this.#heard(request);
      this.#end();
      return;
    }
    if (request.hasBody) request.body.leaveUnread();
    this.#activeMs = performance.now();
    this.#resume();
  }

  #settle(request: WebRequest): void {
    request.durationMs = performance.timeOrigin + performance.now() - request.atMs;
    this.#answering = undefined;
    this.#isAwaited = false;
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

  /** @returns whether the body is complete */
  #readBody(incoming: IncomingBody): boolean {
    if (incoming.request.body.isFull) return false;
    const bytes = this.#bytes;
    this.#bytes = nothing;
    try {
      const rest = incoming.read(bytes);
      if (rest === undefined) return false;
      this.#bytes = rest;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#breakOff(error, error instanceof HttpViolation ? error.status : 413);
      return false;
    }
    this.#incoming = undefined;
    this.#startedMs = 0;
    this.#heard(incoming.request);
    return true;
  }

  /** A request is there with its body, or as much of it as will come. */
  #heard(request: WebRequest, error?: Error): void {
    if (!request.hasBody || this.#log.has(request)) return;
    if (error) request.error ??= error;
    request.body.end(error);
    this.#log.add(request);
  }

  /** The body will not be complete: tell its reader, and the client when it has no answer yet. */
  #breakOff(error: WireError, status?: number): void {
    const incoming = this.#incoming;
    if (!incoming) return;
    this.#incoming = undefined;
    this.#bytes = nothing;
    const isUnanswered = this.#answering === incoming.request && !this.#writer.hasBegun;
    this.#heard(incoming.request, error);
    if (status !== undefined && isUnanswered) {
      incoming.request.status = status;
      this.#refuse(status, error.message);
    } else if (!this.#answering || status !== undefined) this.#end();
  }

  /** Answer what is no request, and close: nobody knows where the next one would begin. */
  #refuse(status: number, why: string): void {
    this.#bytes = nothing;
    this.#writer.refuse(refusal(status, why));
    this.#end();
  }

  #continue(): void {
    if (!this.#isAwaited) return;
    this.#isAwaited = false;
    this.#connection.say("HTTP/1.1 100 Continue\r\n\r\n");
    this.#connection.flush();
    this.#record("S", "HTTP/1.1 100 Continue");
  }

  #switch(request: WebRequest, headers: Readonly<Record<string, string>>): Tunnel {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const head = ["HTTP/1.1 101 Switching Protocols", ...lines].join("\r\n");
    this.#connection.say(Buffer.from(`${head}\r\n\r\n`, "latin1"));
    this.#connection.flush();
    this.#record("S", ["HTTP/1.1 101 Switching Protocols", ...lines].join("\n"));
    request.status = 101;
    const tunnel = new Tunnel(this.#connection);
    this.#tunnel = tunnel;
    tunnel.on("error", () => {});
    if (this.#bytes.length > 0) tunnel.received(this.#bytes);
    this.#bytes = nothing;
    return tunnel;
  }

  /** Say no more; hear the client out for a moment, so that it can read our last word. */
  #end(): void {
    if (this.#connection.isClosed) return;
    this.#endedMs = performance.now();
    this.#bytes = nothing;
    this.#connection.end();
    if (this.#hasEnded) this.#connection.destroySoon();
  }

  async #secure(tls: TlsUpgrade): Promise<void> {
    this.#isSecuring = true;
    try {
      const { version, cipher } = await this.#connection.startTls(tls);
      this.#record("*", `TLS ${version} ${cipher}`);
    } catch (error) {
      this.#record("*", error instanceof Error ? error.message : String(error));
      return;
    } finally {
      this.#isSecuring = false;
      this.#activeMs = performance.now();
    }
    if (this.#isLeaving) this.#end();
  }

  #record(from: "C" | "S" | "*", text: string): void {
    this.#recorder.record(this.#origin.connection, from, text, performance.timeOrigin + this.#activeMs);
  }
}

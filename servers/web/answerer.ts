import type { Connection } from "../../wire/connection.ts";
import type { ConnectionAbout, ConnectionInterceptor, Intervention } from "../../wire/interceptor.ts";
import type { Passage } from "../../wire/passage.ts";
import { answerRequest, type Outcome } from "./answering.ts";
import { AnswerWriter } from "./answer-writer.ts";
import type { House } from "./house.ts";
import type { KnownHead } from "./known-heads.ts";
import { readyResponse } from "./ready-response.ts";
import { refusal } from "./reply.ts";
import type { RequestOrigin, WebRequest } from "./request.ts";
import { isScript } from "./script.ts";
import { switchProtocols, type Tunnel } from "./upgrade.ts";
import { WebFloor } from "./web-floor.ts";

/** What an answerer needs of the connection that reads the requests. */
export interface AnswererHost {
  /** No request follows the one that is being answered: the client has ended, or the server closes. */
  readonly isOver: boolean;
  /** Our last word is said. */
  readonly isEnded: boolean;
  /** The body of the request under way still comes. */
  readonly isReceiving: boolean;
  /** Our last word is said, by a script or a rule. */
  saidLastWord(): void;
  /** A request is answered; `closes` when the connection ends behind it. */
  answered(request: WebRequest, closes: boolean): void;
  /** What has come and belongs to no request: it is for whoever speaks another protocol from now on. */
  takeRest(): Buffer;
  record(from: "C" | "S" | "*", text: string): void;
}

/**
 * Answers the requests of one connection, one after the other: with a ready response, what a rule makes of it, a route,
 * a file, or a refusal. What is at hand is said, and leaves with the burst.
 */
export class Answerer implements ConnectionAbout {
  /** The request that is being answered. */
  request: WebRequest | undefined;
  /** The connection has left HTTP. */
  tunnel: Tunnel | undefined;
  /** What was said since the last write. */
  saidBytes = 0;
  readonly writer: AnswerWriter;
  readonly #connection: Connection;
  readonly #origin: RequestOrigin;
  readonly #house: House;
  readonly #host: AnswererHost;
  readonly #watcher: ConnectionInterceptor | undefined;
  #requests = 0;
  /** A client waits for `100 Continue`. */
  #isAwaited = false;
  /** The request that is being answered is the last that the client, or a limit, wants. */
  #isLast = false;

  constructor(connection: Connection, origin: RequestOrigin, house: House, host: AnswererHost) {
    this.#connection = connection;
    this.#origin = origin;
    this.#house = house;
    this.#host = host;
    this.writer = new AnswerWriter(connection, (text) => host.record("S", text.replaceAll("\r\n", "\n")));
    this.#watcher = house.rules.open(this);
  }

  get connection(): number {
    return this.#origin.connection;
  }

  get remoteAddress(): string {
    return this.#origin.remoteAddress;
  }

  get incoming(): Passage {
    return this.#connection.incoming;
  }

  get outgoing(): Passage {
    return this.#connection.outgoing;
  }

  /** The rules on this connection, for the handshake. */
  get watcher(): ConnectionInterceptor | undefined {
    return this.#watcher;
  }

  note(event: string): void {
    this.#host.record("*", event);
  }

  /** Answer a request, or begin to. */
  begin(request: WebRequest, head: KnownHead): void {
    const { options, files, routes } = this.#house;
    this.#isLast = head.isLast || ++this.#requests >= options.maxRequestsPerConnection;
    const intervention = this.#interventionIn(head);
    if (!intervention && head.isPlain && files && routes.isEmpty && !this.#closes) {
      const ready = readyResponse(request.path, files);
      if (ready) {
        this.#connection.say(ready.bytes);
        this.#host.record("S", ready.head);
        request.status = 200;
        request.sentBytes = ready.bytes.length;
        this.saidBytes += ready.bytes.length;
        request.durationMs = 0;
        return;
      }
    }
    this.request = request;
    this.#isAwaited = request.version === "1.1" && request.header("expect")?.toLowerCase() === "100-continue";
    if (intervention) {
      // It may reset the connection, and earlier answers with it.
      this.#connection.flush();
      void this.#intervene(intervention, request, head);
      return;
    }
    const outcome = this.#answer(request, head);
    if (outcome instanceof Promise) void outcome.then((settled) => this.#deliver(request, settled));
    else this.#deliver(request, outcome);
  }

  /** The client may send its body. */
  continue(): void {
    if (!this.#isAwaited) return;
    this.#isAwaited = false;
    this.#connection.say("HTTP/1.1 100 Continue\r\n\r\n");
    this.#connection.flush();
    this.#host.record("S", "HTTP/1.1 100 Continue");
  }

  /** The connection is gone. */
  close(error: Error | undefined): void {
    this.tunnel?.destroy(error);
    this.writer.close();
    this.#watcher?.closed?.();
  }

  /** Whether the connection ends behind the answer. */
  get #closes(): boolean {
    return this.#isLast || this.#host.isOver;
  }

  /** A client that still waits for leave to send its body may send it or not: no next request can be told from it. */
  get #isUnclear(): boolean {
    return this.#host.isReceiving && this.#isAwaited;
  }

  #interventionIn({ method, target, version }: KnownHead): Intervention | undefined {
    if (this.#watcher === undefined || this.#watcher.isIdle) return undefined;
    return this.#watcher.heard?.(`${method} ${target} HTTP/${version}`);
  }

  #answer(request: WebRequest, { path, bodyLength }: KnownHead): Outcome | Promise<Outcome> {
    const { maxBodyBytes } = this.#house.options;
    if (path === undefined) return refusal(400, "the path cannot be decoded, or leaves the root");
    if (request.header("expect") !== undefined && !this.#isAwaited && request.version === "1.1")
      return refusal(417, "only 100-continue can be expected");
    if (typeof bodyLength === "number" && bodyLength > maxBodyBytes)
      return refusal(413, `a body may have ${maxBodyBytes} bytes`);
    return answerRequest(request, this.#house, (headers) => this.#switch(request, headers));
  }

  /** Send a reply; at once when it is at hand, so that a burst of requests is answered in one write. */
  #deliver(request: WebRequest, reply: Outcome): void {
    if (this.tunnel || this.#host.isEnded) {
      this.#settle(request);
      return;
    }
    if (isScript(reply)) {
      this.#connection.flush();
      void this.writer.perform(reply, request).then((isOver) => {
        if (isOver) this.#host.saidLastWord();
        this.#answered(request, isOver);
      });
      return;
    }
    // What leaves as it is made may be made of the body: the client is told to send it before the answer begins.
    if (reply.body.kind === "stream") this.continue();
    const closes = reply.closes === true || this.#closes || this.#isUnclear;
    request.status = reply.status;
    const sending = this.writer.write(reply, request, closes);
    this.saidBytes += request.sentBytes ?? 0;
    if (sending) void sending.then((isWhole) => this.#answered(request, closes || !isWhole));
    else this.#answered(request, closes);
  }

  /** Let a rule have the turn. */
  async #intervene(intervention: Intervention, request: WebRequest, head: KnownHead): Promise<void> {
    const floor = new WebFloor(this.#connection, this.writer, request, {
      answer: async () => {
        const outcome = await this.#answer(request, head);
        if (!isScript(outcome) && outcome.body.kind === "stream") this.continue();
        return outcome;
      },
      isLast: () => this.#closes || this.#isUnclear,
      ended: () => this.#host.saidLastWord(),
      record: (text) => this.#host.record("S", text),
    });
    try {
      await intervention(floor);
    } catch (error) {
      request.error ??= error instanceof Error ? error : new Error(String(error));
      floor.reset();
    }
    if (this.tunnel) this.#settle(request);
    else this.#answered(request, floor.isOver || this.#closes || this.#isUnclear);
  }

  #answered(request: WebRequest, closes: boolean): void {
    this.#settle(request);
    this.#host.answered(request, closes);
  }

  #settle(request: WebRequest): void {
    request.durationMs = performance.timeOrigin + performance.now() - request.atMs;
    this.request = undefined;
    this.#isAwaited = false;
  }

  #switch(request: WebRequest, headers: Readonly<Record<string, string>>): Tunnel {
    const { tunnel, head } = switchProtocols(this.#connection, headers);
    this.#host.record("S", head);
    request.status = 101;
    this.tunnel = tunnel;
    const rest = this.#host.takeRest();
    if (rest.length > 0) tunnel.received(rest);
    return tunnel;
  }
}

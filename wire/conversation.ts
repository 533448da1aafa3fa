import type { Socket } from "node:net";
import { Connection, type ConnectionOwner, type Said, type TlsFacts } from "./connection.ts";
import { Inflow } from "./inflow.ts";
import type { ConnectionInterceptor, Intervention, Passing } from "./interceptor.ts";
import type { Guest } from "./listener.ts";
import type { Passage } from "./passage.ts";
import type { Entrance, Protocol } from "./protocol.ts";
import type { Action, BodyReader, Session, Turn, Voice } from "./session.ts";
import { plainText, withCommas } from "./shown.ts";
import type { Speaker } from "./transcript.ts";
import { TurnFloor } from "./turn-floor.ts";

/**
 * The one loop that every command/reply server runs:
 *
 * ```
 * socket → limits → (TLS) → cut → interceptor → session.hear → reply → interceptor → one write per burst → socket
 *                                  │                             │
 *                                  └────────── transcript ───────┘
 * ```
 *
 * Messages are answered in order. A turn that takes time holds back the messages behind it, but for urgent ones; a
 * body is taken from the same bytes; nothing is read while the other side does not read us.
 */
export class Conversation<Message> implements ConnectionOwner, Guest, Voice {
  readonly connection: number;
  readonly #protocol: Protocol<Message>;
  readonly #link: Connection;
  readonly #session: Session<Message>;
  readonly #inflow: Inflow<Message>;
  readonly #interceptor: ConnectionInterceptor | undefined;
  #body: BodyReader | undefined;
  #bodyBytes = 0;
  #isGreeted = false;
  #isBusy = false;
  #isRunning = false;
  #isPaused = false;
  #isHandshaking = false;
  #isLeaving = false;
  #isOver = false;
  #hasFin = false;
  #now = epochMs();
  /** When the other side last said something; when we ended, after that. */
  #lastMs = this.#now;
  /** Aborted when the connection is gone; only with interventions. */
  #leaving: AbortController | undefined;
  /** Aborted when the client has said all it will say. */
  #ending: AbortController | undefined;
  /** During an intervention: what becomes of replies outside of a turn. */
  #preliminary: Passing["preliminary"];

  constructor(
    socket: Socket,
    number: number,
    protocol: Protocol<Message>,
    { hasImplicitTls = false, client, early }: Entrance = {},
  ) {
    this.connection = number;
    this.#protocol = protocol;
    this.#link = new Connection(socket, this, { client, encoding: protocol.encoding });
    const cutter = protocol.cutter();
    this.#inflow = new Inflow(cutter);
    this.#session = protocol.open(this, cutter);
    this.#interceptor = protocol.interceptor?.open(this);
    if (hasImplicitTls) this.#secure(() => this.#greet(), early);
    else if (this.#session.spokenTooEarly) setImmediate(() => setImmediate(() => this.#greet()));
    else this.#greet();
  }

  get remoteAddress(): string {
    return this.#link.remoteAddress;
  }

  get remotePort(): number {
    return this.#link.remotePort;
  }

  get localAddress(): string {
    return this.#link.socket.localAddress ?? "";
  }

  get tls(): TlsFacts | undefined {
    return this.#link.tls;
  }

  get incoming(): Passage {
    return this.#link.incoming;
  }

  get outgoing(): Passage {
    return this.#link.outgoing;
  }

  identify(user: string): void {
    this.#interceptor?.identified?.(user);
  }

  say(said: Said): void {
    this.#sayNow(this.#preliminary ? this.#preliminary(said) : said);
  }

  #sayNow(said: Said): void {
    if (said.length > 0) this.#say(said);
    if (!this.#isRunning) this.#link.flush();
  }

  end(): void {
    this.#end(false);
  }

  /** @param isAgreed nothing more will come, so that nobody waits for it */
  #end(isAgreed: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#lastMs = epochMs();
    this.#inflow.clear();
    if (isAgreed) this.#link.part();
    else this.#link.end();
    if (this.#hasFin) this.#link.destroySoon();
  }

  get waitingBytes(): number {
    return this.#link.socket.writableLength;
  }

  note(event: string): void {
    this.#record("*", event);
  }

  leave(): void {
    this.#isLeaving = true;
    if (!this.#isGreeted || this.#isHandshaking) this.destroy();
    else this.#run();
  }

  destroy(): void {
    this.#link.destroy();
  }

  reset(): void {
    this.#isOver = true;
    this.#link.reset();
  }

  /** Look at the clock; called every so often by the server. */
  check(nowMs: number): void {
    const { limits } = this.#protocol;
    const quietMs = nowMs - this.#lastMs;
    if (this.#isOver) {
      if (quietMs > limits.lingerMs && !this.#link.isHolding) this.destroy();
    } else if (this.#isHandshaking) {
      if (quietMs > limits.handshakeTimeoutMs) this.destroy();
    } else if (this.#link.isCongested) {
      if (quietMs > limits.idleTimeoutMs) this.destroy();
    } else if (!this.#isBusy && this.#isGreeted) {
      const { beganMs } = this.#inflow;
      if (beganMs > 0 && nowMs - beganMs > limits.messageTimeoutMs) this.#expire("message");
      else if (quietMs > limits.idleTimeoutMs) this.#expire("idle");
    }
  }

  received(bytes: Buffer): void {
    if (this.#isOver) return;
    this.#lastMs = this.#now = epochMs();
    if (!this.#isGreeted) this.#session.spokenTooEarly?.();
    this.#inflow.push(bytes);
    if (this.#isBusy || !this.#isGreeted) {
      this.#hearUrgent();
      if (this.#inflow.isFull) this.#pause();
    } else this.#run();
  }

  ended(): void {
    this.#hasFin = true;
    this.#ending?.abort();
    if (this.#isBusy && !this.#isHandshaking) this.#session.heardAll?.();
    if (this.#isOver) this.#link.destroySoon();
    else if (!this.#isBusy && this.#isGreeted) this.#run();
    else if (!this.#isGreeted && !this.#isHandshaking) this.end();
  }

  drained(): void {
    this.#lastMs = epochMs();
    this.#hearUrgent();
    this.#run();
  }

  closed(error: Error | undefined): void {
    const isLost = error !== undefined || !(this.#isOver || this.#hasFin);
    this.#isOver = true;
    this.#body?.abort();
    this.#body = undefined;
    this.#inflow.clear();
    this.#now = epochMs();
    this.#record("*", isLost ? `connection lost${error ? `: ${error.message}` : ""}` : "closed");
    this.#session.gone?.(isLost ? "lost" : "ended");
    this.#interceptor?.closed?.();
    this.#leaving?.abort();
    this.#ending?.abort();
  }

  /** Hear what there is until nothing whole is left, or a turn takes its time. */
  #run(): void {
    if (this.#isRunning || this.#isBusy || this.#isOver) return;
    this.#isRunning = true;
    while (!this.#isBusy && !this.#isOver && !this.#link.isCongested) {
      if (!(this.#body ? this.#takeBody(this.#body) : this.#takeMessage())) break;
      // Short questions can have long answers: the other side has to read them before it is given more.
      if (this.#link.isFull) {
        this.#session.settle?.();
        this.#link.flush();
      }
    }
    this.#isRunning = false;
    this.#session.settle?.();
    this.#link.flushSoon();
    if (this.#isOver) return;
    if (this.#link.isCongested) this.#pause();
    else if (this.#isBusy) this.#hearUrgent();
    else {
      this.#resume();
      if (this.#hasFin) this.#endOfInput();
      else if (this.#isLeaving && !this.#body) this.#part(this.#session.goodbye());
    }
  }

  #takeMessage(): boolean {
    const message = this.#inflow.next(this.#now);
    if (message === undefined) return false;
    this.#hear(message);
    return true;
  }

  #hear(message: Message): void {
    const protocol = this.#protocol;
    const isWatched = this.#interceptor !== undefined && this.#interceptor.isIdle !== true;
    if (isWatched || protocol.isShownLate?.(message) !== true) {
      const text = protocol.show(message);
      this.#record("C", text);
      const intervention = this.#heardBy(text);
      if (intervention)
        this.#intervene(intervention, (instead) => this.#session.hear(this.#read(instead) ?? message));
      else this.#hearNow(message);
      return;
    }
    // The path of those who are asked a hundred thousand times a second: nothing is shown.
    protocol.recorder.recordLate(this.connection, "C", message, protocol.show, this.#now);
    this.#hearNow(message);
  }

  /** The same as `#take`, without a closure for each message. */
  #hearNow(message: Message): void {
    try {
      this.#taken(this.#session.hear(message));
    } catch (error) {
      this.#fail(error);
    }
  }

  #heardBy(text: string): Intervention | undefined {
    const interceptor = this.#interceptor;
    return interceptor === undefined || interceptor.isIdle ? undefined : interceptor.heard?.(text);
  }

  /** Another message, as if it had come over the wire. */
  #read(text: string | undefined): Message | undefined {
    return text === undefined ? undefined : this.#protocol.cutter().cut(Buffer.from(`${text}\r\n`), 0);
  }

  /** Hear what cannot wait for the end of the turn under way, and queue the rest. */
  #hearUrgent(): void {
    if (!this.#isBusy || this.#isHandshaking || this.#body || !this.#session.isUrgent) return;
    while (!this.#isOver && !this.#link.isCongested) {
      const message = this.#inflow.cut(this.#now);
      if (message === undefined) break;
      if (this.#session.isUrgent(message)) this.#hearAside(message);
      else this.#inflow.defer(message);
    }
    this.#link.flush();
    if (this.#link.isCongested) this.#pause();
    else if (this.#inflow.hasRoom) this.#resume();
  }

  /** Hear a message beside the turn under way. */
  #hearAside(message: Message): void {
    this.#record("C", this.#protocol.show(message));
    try {
      const turn = this.#session.hear(message);
      if (!(turn instanceof Promise)) {
        this.#answer(turn);
        return;
      }
      const answered = turn.then(
        (given) => this.#answer(given),
        (error: unknown) => this.#fail(error),
      );
      void answered.then(() => this.#link.flush());
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Take of the body what is there. @returns whether to go on */
  #takeBody(body: BodyReader): boolean {
    if (!body.isComplete) {
      const taken = this.#inflow.feed(body);
      if (taken === 0 && !body.isComplete) return false;
      this.#bodyBytes += taken;
    }
    if (body.isComplete) {
      this.#body = undefined;
      this.#inflow.beganMs = 0;
      this.#record("C", `(${withCommas(this.#bodyBytes)} bytes)`);
      if (body.endText !== "") this.#record("C", body.endText);
      const intervention = this.#heardBy(body.endText);
      if (intervention)
        this.#intervene(
          intervention,
          () => body.finish(),
          () => body.abort(),
        );
      else this.#take(() => body.finish());
      return true;
    }
    if (body.ready) {
      this.#pause();
      this.#wait(body.ready, () => {});
    }
    return false;
  }

  /** Give the turn to the session. */
  #take(take: () => Turn | Promise<Turn>): void {
    try {
      this.#taken(take());
    } catch (error) {
      this.#fail(error);
    }
  }

  #taken(turn: Turn | Promise<Turn>): void {
    if (turn instanceof Promise) this.#wait(turn, (given) => this.#answer(given));
    else this.#answer(turn);
  }

  #answer(turn: Turn): void {
    if (typeof turn === "string" || turn instanceof Uint8Array) {
      if (turn.length > 0) this.#say(turn);
      return;
    }
    if (turn.say !== undefined && turn.say.length > 0) this.#say(turn.say);
    this.#act(turn);
  }

  #act(action: Action): void {
    if (action.body) {
      this.#body = action.body;
      this.#bodyBytes = 0;
      this.#inflow.beganMs = this.#now;
    }
    if (action.startTls) this.#secure();
    if (action.end) this.#end(action.isLast === true && this.#inflow.isEmpty);
  }

  /**
   * Give the turn to whoever intervenes.
   * @param take lets the session have it after all
   * @param skip is called when it never had it
   */
  #intervene(
    intervention: Intervention,
    take: (instead: string | undefined) => Turn | Promise<Turn>,
    skip = (): void => {},
  ): void {
    const floor = new TurnFloor({
      link: this.#link,
      leaving: (this.#leaving ??= new AbortController()).signal,
      ending: (this.#ending ??= new AbortController()).signal,
      say: (said) => this.#sayNow(said),
      end: () => this.end(),
      reset: () => this.reset(),
      take: async (instead, preliminary) => {
        this.#preliminary = preliminary;
        try {
          return await take(instead);
        } finally {
          this.#preliminary = undefined;
        }
      },
    });
    this.#wait(
      intervention(floor).finally(() => {
        if (floor.passed === undefined) skip();
      }),
      () => {
        const { passed = "" } = floor;
        if (typeof passed !== "string" && !(passed instanceof Uint8Array)) this.#act(passed);
      },
    );
  }

  /** Hear nothing until this is settled. */
  #wait<Value>(promise: Promise<Value>, then: (value: Value) => void): void {
    this.#isBusy = true;
    if (this.#hasFin) this.#session.heardAll?.();
    const settle = (next: () => void): void => {
      this.#isBusy = false;
      if (this.#isOver) return;
      this.#now = epochMs();
      next();
      this.#run();
    };
    promise.then(
      (value) => settle(() => then(value)),
      (error: unknown) => settle(() => this.#fail(error)),
    );
  }

  #fail(error: unknown): void {
    this.#record("*", `error: ${error instanceof Error ? error.message : String(error)}`);
    this.#answer(this.#session.failed(error));
  }

  #greet(): void {
    if (this.#isOver) return;
    this.#isGreeted = true;
    const intervention = this.#interceptor?.greeting?.();
    if (intervention) this.#intervene(intervention, () => this.#session.greet());
    else this.#take(() => this.#session.greet());
    this.#link.flush();
    this.#run();
  }

  /** TLS from here on. What was sent in clear behind the command is never heard (RFC 3207 section 4.2). */
  #secure(then = (): void => {}, early?: Buffer): void {
    const dropped = this.#inflow.clear();
    this.#isHandshaking = this.#isBusy = true;
    this.#lastMs = epochMs();
    const secureContext = this.#interceptor?.secureContext?.() ?? this.#protocol.secureContext();
    this.#link.startTls({ isServer: true, secureContext }, early).then(
      (tls) => {
        this.#isHandshaking = this.#isBusy = false;
        this.#now = epochMs();
        this.#record("*", `${tls.version} ${tls.cipher}${tls.isResumed ? " resumed" : ""}`);
        this.#interceptor?.secured?.();
        this.#session.secured?.(tls, dropped);
        then();
        this.#run();
      },
      (error: Error) => this.#record("*", error.message),
    );
  }

  #say(said: Said): void {
    if (this.#isOver || said.length === 0) return;
    const { recorder, isShownLate, showReply = plainText } = this.#protocol;
    if (isShownLate?.(said)) recorder.recordLate(this.connection, "S", said, showReply, this.#now);
    else this.#record("S", showReply(said));
    this.#link.say(said);
  }

  #record(from: Speaker, text: string): void {
    const entry = this.#protocol.recorder.record(this.connection, from, text, this.#now);
    this.#session.recorded?.(entry);
  }

  #expire(limit: "idle" | "message"): void {
    this.#now = epochMs();
    this.#part(this.#session.expired(limit));
  }

  /** Last words. */
  #part(words: Said): void {
    this.#body?.abort();
    this.#body = undefined;
    if (words.length > 0) this.#say(words);
    this.end();
  }

  /** The other side has said all it will ever say. */
  #endOfInput(): void {
    this.#body?.abort();
    this.#body = undefined;
    this.end();
  }

  #pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#link.pause();
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#link.resume();
  }
}

/** Milliseconds since the epoch, with fractions, never going back. */
function epochMs(): number {
  return timeOrigin + performance.now();
}

const { timeOrigin } = performance;

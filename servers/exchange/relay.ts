import type { Socket } from "node:net";
import { dialSocket } from "../../wire/dial.ts";
import type { Message } from "../../wire/exchange/dialect.ts";
import { destinationOf } from "../../wire/exchange/target.ts";
import type { ConnectionInterceptor, Intervention, Passing } from "../../wire/interceptor.ts";
import type { Guest } from "../../wire/listener.ts";
import type { Speaker } from "../../wire/transcript.ts";
import { Answers } from "./answers.ts";
import { DataPassages } from "./data-passages.ts";
import { LoginWatch } from "./login-watch.ts";
import { floorOf } from "./relay-floor.ts";
import type { RelayHouse, Witness } from "./relay-house.ts";
import { Side, type SideOwner } from "./side.ts";
import { Telling } from "./telling.ts";
import { asksForTls, secureBack, secureFront } from "./tls-ends.ts";

/** Messages that may wait behind a rule that takes its time. */
const maxWaiting = 1_000;

/**
 * A client and a real server with us in the middle, who understand what they say:
 *
 * ```
 *          front                                          back
 * client ════════► cut ─► rules ─► addresses ────────────════► server
 *        ◄═════════ (rules) ◄─ addresses ◄─ cut ◄════════════
 * ```
 *
 * Where no rule fires a message goes on as soon as it is whole, also a pipelined one. A rule waits until all that was
 * asked before is answered, and holds back what comes behind. TLS ends here, on both sides.
 */
export class Relay implements Guest, SideOwner {
  readonly connection: number;
  readonly #house: RelayHouse;
  readonly #front: Side;
  #back: Side | undefined;
  readonly #watcher: ConnectionInterceptor | undefined;
  readonly #witness: Witness | undefined;
  readonly #data: DataPassages | undefined;
  readonly #logins = new LoginWatch();
  /** What the client says next has to wait. */
  #isHeld = true;
  #isGone = false;
  /** In the middle of a mail of which the server will never see the end. */
  #isCutOff = false;
  readonly #leaving = new AbortController();
  readonly #ending = new AbortController();
  readonly #answers: Answers;
  readonly #telling: Telling;

  constructor(socket: Socket, connection: number, house: RelayHouse) {
    this.connection = connection;
    this.#house = house;
    this.#answers = new Answers(house.dialect, this.#leaving.signal);
    this.#front = new Side(socket, "C", house.dialect, this);
    const { link } = this.#front;
    this.#witness = house.witness?.(connection);
    this.#watcher = house.interceptor?.open({
      connection,
      remoteAddress: link.remoteAddress,
      get incoming() {
        return link.incoming;
      },
      get outgoing() {
        return link.outgoing;
      },
      note: (event) => this.#record("*", event),
    });
    const { secureContext } = house;
    const witness = this.#witness;
    if (house.dialect.name === "ftp")
      this.#data = new DataPassages({ front: link, back: () => this.#back?.link, secureContext, witness });
    this.#telling = new Telling({
      front: this.#front,
      back: () => this.#back,
      answers: this.#answers,
      logins: this.#logins,
      watcher: this.#watcher,
      witness,
      data: this.#data,
      record: (from, text) => this.#record(from, text),
      isHeld: () => this.#isHeld,
      more: () => this.news(),
      answered: (asked, reply) => {
        if (this.#isUpgrade(asked)) this.#hold(this.#upgrade(reply));
      },
    });
    this.#begin().catch((error: unknown) => this.#fail(error));
  }

  leave(): void {
    if (!this.#witness) this.destroy();
  }

  destroy(): void {
    this.#front.link.destroy();
    this.#back?.link.destroy();
  }

  /** A side has said something, or has ended. */
  news(): void {
    if (this.#front.hasEnded) this.#ending.abort();
    this.#telling.tell();
    this.#passOn();
  }

  drained(): void {
    this.#back?.link.resume();
    this.#passOn();
  }

  closed(side: Side, error: Error | undefined): void {
    if (this.#isCutOff && side === this.#back) return;
    if (!this.#isGone) {
      this.#isGone = true;
      this.#leaving.abort();
      this.#ending.abort();
      this.#watcher?.closed?.();
      void Promise.resolve(this.#data?.close()).then(() => this.#witness?.over());
      this.#record("*", error ? `connection lost: ${error.message}` : "closed");
      if (error) this.#witness?.ended(side.speaker, "reset");
    }
    const other = side === this.#front ? this.#back : this.#front;
    if (!other || other.link.isClosed) return;
    if (error) other.link.reset();
    else other.link.destroySoon();
  }

  async #begin(): Promise<void> {
    const { target, connectTimeoutMs } = this.#house;
    if (target.hasTls) await this.#secureFront();
    const socket = await dialSocket(destinationOf(target), connectTimeoutMs);
    this.#back = new Side(socket, "S", this.#house.dialect, this);
    if (this.#isGone) this.#back.link.destroy();
    if (target.hasTls) await secureBack(this.#back);
    const greeting = this.#watcher?.greeting?.();
    if (!greeting) {
      this.#hold(Promise.resolve());
      return;
    }
    // The server's own greeting waits until the rule has asked for it, or is never told.
    this.#telling.isPaused = true;
    this.#hold(
      this.#intervene(greeting, undefined).finally(() => {
        this.#telling.isGreeted = this.#telling.isPaused;
        this.#telling.isPaused = false;
      }),
    );
  }

  /** Pass on what the client has said, up to something that takes time. */
  #passOn(): void {
    const front = this.#front;
    const back = this.#back;
    while (!this.#isHeld && back && !back.link.isCongested && front.messages.length > 0)
      this.#hear(front.messages.shift()!, back);
    back?.link.flush();
    if (back?.link.isCongested || front.messages.length > maxWaiting) front.link.pause();
    else if (!this.#isGone) front.link.resume();
    if (!front.hasEnded || front.isEndPassed || this.#isHeld || !back || front.messages.length > 0) return;
    front.isEndPassed = true;
    back.say(front.unfinished);
    back.link.end();
    this.#witness?.ended("C", "closed");
  }

  #hear(message: Message, back: Side): void {
    if (message.inBody) {
      if (!this.#isCutOff) this.#forward(message, back);
      return;
    }
    const { text } = message;
    this.#record("C", text);
    this.#logins.heard(message);
    const intervention = this.#watcher?.heard?.(text);
    if (intervention) this.#hold(this.#intervene(intervention, message));
    else if (this.#isCutOff) this.#part(text);
    else if (this.#data && /^E?P(?:OR|R)T /i.test(text)) this.#hold(this.#forwardAddress(message, back));
    else {
      this.#forward(message, back);
      // Nothing behind it may be heard in clear (RFC 3207 section 4.2): the reply goes on.
      if (this.#isUpgrade(text)) this.#isHeld = true;
    }
  }

  #forward(message: Message, back: Side): void {
    this.#witness?.said("C", message);
    back.say(message.raw);
    if (!message.inBody) this.#answers.ask(message.text);
  }

  async #forwardAddress(message: Message, back: Side): Promise<void> {
    const text = await this.#data!.command(message.text);
    this.#forward({ ...message, raw: back.encode(text) }, back);
  }

  /** A rule has the floor. @param message what it was heard to; the greeting when there is none */
  async #intervene(intervention: Intervention, message: Message | undefined): Promise<void> {
    let passed: string | undefined;
    if (message) await this.#answers.idle();
    const floor = floorOf({
      front: this.#front,
      leaving: this.#leaving.signal,
      ending: this.#ending.signal,
      ask: async (passing) => (passed = await this.#ask(message, passing)),
      say: (said) => {
        this.#telling.say(said);
        this.#front.link.flush();
      },
      end: () => this.#endBoth(),
      reset: () => {
        this.#front.link.reset();
        this.#back?.link.destroy();
      },
    });
    await intervention(floor);
    if (message?.text === "." && passed === undefined) this.#cutOff();
    if (message && passed !== undefined && this.#isUpgrade(message.text)) await this.#upgrade(passed);
  }

  /** Pass a message on and wait for the server's answer. */
  async #ask(message: Message | undefined, { instead, preliminary }: Passing): Promise<string> {
    const back = this.#back!;
    if (message) {
      const own = instead ?? message.text;
      const text = this.#data ? await this.#data.command(own) : own;
      this.#forward(text === message.text ? message : { ...message, text, raw: back.encode(text) }, back);
      back.link.flush();
    }
    const reply = this.#answers.next(preliminary);
    // The greeting may be here already.
    if (!message) this.#telling.isPaused = false;
    this.#telling.tell();
    return await reply;
  }

  /** What the client says next waits until this is done. */
  #hold(task: Promise<void>): void {
    this.#isHeld = true;
    task.then(
      () => {
        this.#isHeld = false;
        this.news();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #isUpgrade(text: string): boolean {
    return this.#house.dialect.hasReplies === true && asksForTls(text);
  }

  async #upgrade(reply: string): Promise<void> {
    if (!reply.startsWith("2") || !this.#back) return;
    await Promise.all([this.#secureFront(), secureBack(this.#back)]);
    this.#witness?.secured();
  }

  async #secureFront(): Promise<void> {
    this.#record("*", await secureFront(this.#front, this.#house, this.#watcher));
  }

  /** The server has a mail of which it will never see the end: it must not take what follows for a part of it. */
  #cutOff(): void {
    this.#isCutOff = true;
    this.#back?.link.reset();
  }

  /** Last words to a client whose server is gone. */
  #part(text: string): void {
    this.#telling.say(
      /^QUIT\b/i.test(text) ? "221 2.0.0 bye\r\n" : "421 4.3.0 the connection to the server was cut off\r\n",
    );
    this.#front.link.end();
  }

  #endBoth(): void {
    this.#front.link.end();
    this.#back?.link.end();
  }

  #fail(error: unknown): void {
    if (this.#isGone) return;
    this.#record("*", error instanceof Error ? error.message : String(error));
    this.destroy();
  }

  #record(from: Speaker, text: string): void {
    this.#house.recorder.record(this.connection, from, text, performance.timeOrigin + performance.now());
  }
}

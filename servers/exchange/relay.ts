import type { Socket } from "node:net";
import type { Said } from "../../wire/connection.ts";
import { dialSocket } from "../../wire/dial.ts";
import { byteString } from "../../wire/exchange/byte-string.ts";
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
  /** What the server says next has to wait. */
  #isTelling = false;
  #isGone = false;
  /** In the middle of a mail of which the server will never see the end. */
  #isCutOff = false;
  /** A rule has greeted in the server's place. */
  #isGreeted = false;
  readonly #leaving = new AbortController();
  readonly #ending = new AbortController();
  readonly #gone = Promise.withResolvers<void>();
  readonly #answers: Answers;

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
    this.#begin().catch((error: unknown) => this.#fail(error));
  }

  /** Resolved when the conversation is over, with all its data connections. */
  get gone(): Promise<void> {
    return this.#gone.promise;
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
    this.#tell();
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
      void Promise.resolve(this.#data?.close()).then(() => this.#gone.resolve());
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
    this.#isTelling = true;
    this.#hold(
      this.#intervene(greeting, undefined).finally(() => {
        this.#isGreeted = this.#isTelling;
        this.#isTelling = false;
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

  /** Tell the client what the server has said, up to something that takes time. */
  #tell(): void {
    const back = this.#back;
    if (!back) return;
    while (!this.#isTelling && back.messages.length > 0) {
      const message = back.messages.shift()!;
      if (this.#data && /^22[79]/.test(message.text)) {
        this.#isTelling = true;
        void this.#data.reply(message.text).then((text) => {
          this.#isTelling = false;
          this.#answer({ ...message, text, raw: this.#front.encode(text) });
          this.news();
        });
      } else this.#answer(message);
    }
    this.#front.link.flush();
    if (this.#front.link.isCongested) back.link.pause();
    if (!back.hasEnded || back.isEndPassed || this.#isTelling || this.#isHeld) return;
    back.isEndPassed = true;
    this.#front.say(back.unfinished);
    this.#front.link.end();
    this.#witness?.ended("S", "closed");
  }

  #answer(message: Message): void {
    const { asked, isLast, taken } = this.#answers.answer(message);
    this.#learn(asked, message.text);
    if (this.#isGreeted && asked === "" && isLast) this.#isGreeted = false;
    else if (typeof taken === "object") this.#say(taken.said);
    else if (taken === "no") {
      this.#witness?.said("S", message);
      this.#say(message.raw);
      if (isLast && this.#isUpgrade(asked)) this.#hold(this.#upgrade(message.text));
    }
    this.#answers.settle();
  }

  #learn(asked: string, reply: string): void {
    const user = this.#logins.answered(reply);
    if (user !== undefined) this.#watcher?.identified?.(user);
    const protection = /^PROT ([PC])/i.exec(asked)?.[1]?.toUpperCase();
    if (this.#data && protection !== undefined && reply.startsWith("2"))
      this.#data.isPrivate = protection === "P";
  }

  /** The client hears this with the next flush: a byte string, or what a rule says. */
  #say(said: Said): void {
    const bytes = typeof said === "string" ? said : byteString(said);
    if (bytes === "") return;
    this.#front.say(bytes);
    this.#record("S", bytes.replace(/\r?\n$/, "").replaceAll("\r\n", "\n"));
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
        this.#say(said);
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
    if (!message) this.#isTelling = false;
    this.#tell();
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
    this.#say(
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

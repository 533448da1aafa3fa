import { epochMs } from "./clock.ts";
import type { Connection, Said } from "./connection.ts";
import type { ConversationVoice } from "./conversation-voice.ts";
import { Inflow } from "./inflow.ts";
import type { Intervention } from "./interceptor.ts";
import { Interventions, type TakeTurn } from "./interventions.ts";
import type { Cutter } from "./lines.ts";
import type { Protocol } from "./protocol.ts";
import type { Action, BodyReader, Turn } from "./session.ts";
import { withCommas } from "./shown.ts";

/** Whose conversation the turns are. */
export interface TurnsOwner {
  /** The session wants TLS from here on. */
  startTls(): void;
  /** It wants to go on in clear. */
  endTls(): void;
}

/**
 * The turns of one conversation. Messages are answered in order: one that takes time holds back those behind it, but
 * for urgent ones; a body is taken from the same bytes; nothing is read while the other side does not read us.
 */
export class Turns<Message> {
  readonly #protocol: Protocol<Message>;
  readonly #link: Connection;
  readonly #voice: ConversationVoice<Message>;
  readonly #inflow: Inflow<Message>;
  readonly #owner: TurnsOwner;
  #interventions: Interventions<Message> | undefined;
  /** Nobody has a turn: before the greeting, and during a TLS handshake. */
  #isHeld = true;
  /** That, or a turn takes its time. */
  #isBusy = true;
  #isLeaving = false;

  /** @param cutter the one that the voice's session was opened with */
  constructor(
    protocol: Protocol<Message>,
    link: Connection,
    voice: ConversationVoice<Message>,
    cutter: Cutter<Message>,
    owner: TurnsOwner,
  ) {
    this.#protocol = protocol;
    this.#link = link;
    this.#voice = voice;
    this.#inflow = new Inflow(cutter);
    this.#owner = owner;
  }

  /** Whether the next turn is the other side's. */
  get isWaiting(): boolean {
    return !this.#isBusy;
  }

  /** When the message or body under way began, in milliseconds since the epoch; 0 when none is. */
  get beganMs(): number {
    return this.#inflow.beganMs;
  }

  /** The first turn is ours. */
  greet(): void {
    const { session, interceptor } = this.#voice;
    this.#isHeld = this.#isBusy = false;
    const intervention = interceptor?.greeting?.();
    const greet: TakeTurn = () => session.greet();
    if (intervention) this.#intervene(intervention, greet);
    else this.#take(greet);
    this.#link.flush();
    this.run();
  }

  /** Give nobody a turn until `release`, and never hear what is not heard yet. @returns how many bytes that is */
  hold(): number {
    this.#isHeld = this.#isBusy = true;
    return this.#inflow.clear();
  }

  release(): void {
    this.#isHeld = this.#isBusy = false;
    this.run();
  }

  push(bytes: Buffer): void {
    this.#inflow.push(bytes);
    this.run();
    if (this.#isBusy && this.#inflow.isFull) this.#link.pause();
  }

  /** The other side has said all it ever will. */
  heardAll(): void {
    this.#interventions?.heardAll();
    if (this.#isBusy && !this.#isHeld) this.#voice.session.heardAll?.();
    this.run();
  }

  /** Say goodbye when nothing is under way. */
  leave(): void {
    this.#isLeaving = true;
    this.run();
  }

  /** Last words. */
  part(words: Said): void {
    this.#inflow.clear();
    this.#voice.answer(words);
    this.#voice.end();
  }

  /** The connection is gone. */
  close(): void {
    this.#inflow.clear();
    this.#interventions?.close();
  }

  /** Hear what there is until nothing whole is left, or a turn takes its time; during one, what cannot wait for it. */
  run(): void {
    const voice = this.#voice;
    const link = this.#link;
    if (voice.isInBurst || voice.isOver) return;
    if (this.#isBusy) return this.#hearUrgent();
    voice.isInBurst = true;
    while (!this.#isBusy && !voice.isOver && !link.isCongested) {
      const { body } = this.#inflow;
      if (!(body ? this.#takeBody(body) : this.#takeMessage())) break;
      // Short questions can have long answers: the other side has to read them before it is given more.
      if (link.isFull) {
        voice.session.settle?.();
        link.flush();
      }
    }
    voice.isInBurst = false;
    voice.session.settle?.();
    link.flushSoon();
    if (voice.isOver) this.#inflow.clear();
    else if (link.isCongested) link.pause();
    else if (this.#isBusy) this.#hearUrgent();
    else {
      if (link.isPaused) link.resume();
      if (voice.hasHeardAll) this.part("");
      else if (this.#isLeaving && !this.#inflow.body) this.part(voice.session.goodbye());
    }
  }

  /** Hear the next message. @returns whether there was one */
  #takeMessage(): boolean {
    const voice = this.#voice;
    const message = this.#inflow.next(voice.nowMs);
    if (message === undefined) return false;
    const { interceptor } = voice;
    const { recorder, show, isShownLate } = this.#protocol;
    const isWatched = interceptor !== undefined && interceptor.isIdle !== true;
    if (!isWatched && isShownLate?.(message) === true) {
      // The path of those who are asked a hundred thousand times a second: nothing is shown.
      recorder.recordLate(voice.connection, "C", message, show, voice.nowMs);
    } else {
      const text = show(message);
      voice.record("C", text);
      const intervention = isWatched ? interceptor.heard?.(text) : undefined;
      if (intervention) {
        this.#contest(message, intervention);
        return true;
      }
    }
    // The same as `#take`, without a closure for each message.
    try {
      this.#taken(voice.session.hear(message));
    } catch (error) {
      this.#fail(error);
    }
    return true;
  }

  /** Let somebody intervene; they can have another message heard, as if that had come over the wire. */
  #contest(message: Message, intervention: Intervention): void {
    this.#intervene(intervention, (instead) => {
      const other =
        instead === undefined ? undefined : this.#protocol.cutter().cut(Buffer.from(`${instead}\r\n`), 0);
      return this.#voice.session.hear(other ?? message);
    });
  }

  /** Hear what cannot wait for the end of the turn under way, and queue the rest. */
  #hearUrgent(): void {
    const { session } = this.#voice;
    if (!this.#isBusy || this.#isHeld || this.#inflow.body || !session.isUrgent) return;
    while (!this.#voice.isOver && !this.#link.isCongested) {
      const message = this.#inflow.cut(this.#voice.nowMs);
      if (message === undefined) break;
      if (session.isUrgent(message)) this.#hearAside(message);
      else this.#inflow.defer(message);
    }
    this.#link.flush();
    if (this.#link.isCongested) this.#link.pause();
    else if (this.#inflow.hasRoom && this.#link.isPaused) this.#link.resume();
  }

  /** Hear a message beside the turn under way. */
  #hearAside(message: Message): void {
    this.#voice.record("C", this.#protocol.show(message));
    this.#take(() => this.#voice.session.hear(message));
  }

  /** Take of the body what is there. @returns whether to go on */
  #takeBody(body: BodyReader): boolean {
    if (!this.#inflow.feed(body)) return false;
    if (body.isComplete) {
      this.#finish(body);
      return true;
    }
    if (body.ready) {
      this.#link.pause();
      this.#wait(body.ready, () => {});
    }
    return false;
  }

  /** The body is complete: the session's turn. */
  #finish(body: BodyReader): void {
    const { interceptor } = this.#voice;
    this.#voice.record("C", `(${withCommas(this.#inflow.endBody())} bytes)`);
    if (body.endText !== "") this.#voice.record("C", body.endText);
    const intervention = interceptor?.isIdle === true ? undefined : interceptor?.heard?.(body.endText);
    const finish: TakeTurn = () => body.finish();
    if (intervention) this.#intervene(intervention, finish, () => body.abort());
    else this.#take(finish);
  }

  /** Give the turn to whoever intervenes. @param skip is called when the session never had it */
  #intervene(intervention: Intervention, take: TakeTurn, skip?: () => void): void {
    this.#interventions ??= new Interventions(this.#link, this.#voice);
    this.#wait(this.#interventions.hold(intervention, take, skip), (action) => this.#act(action));
  }

  /** Give the turn to the session. */
  #take(take: TakeTurn): void {
    try {
      this.#taken(take());
    } catch (error) {
      this.#fail(error);
    }
  }

  #taken(turn: Turn | Promise<Turn>): void {
    if (!(turn instanceof Promise)) this.#answer(turn);
    else if (this.#isBusy) void this.#answerAside(turn);
    else this.#wait(turn, (given) => this.#answer(given));
  }

  /** Answer beside the turn under way, which goes on meanwhile. */
  async #answerAside(turn: Promise<Turn>): Promise<void> {
    try {
      this.#answer(await turn);
    } catch (error) {
      this.#fail(error);
    }
    this.#link.flush();
  }

  /** Hear nothing until this is settled. */
  #wait<Value>(promise: Promise<Value>, then: (value: Value) => void): void {
    this.#isBusy = true;
    if (this.#voice.hasHeardAll) this.#voice.session.heardAll?.();
    const settle = (next: () => void): void => {
      this.#isBusy = false;
      if (this.#voice.isOver) return;
      this.#voice.nowMs = epochMs();
      next();
      this.run();
    };
    promise.then(
      (value) => settle(() => then(value)),
      (error: unknown) => settle(() => this.#fail(error)),
    );
  }

  #answer(turn: Turn): void {
    if (typeof turn === "string" || turn instanceof Uint8Array) {
      this.#voice.answer(turn);
      return;
    }
    if (turn.say !== undefined) this.#voice.answer(turn.say);
    this.#act(turn);
  }

  #act({ body, startTls, endTls, end, isLast }: Action): void {
    if (body) this.#inflow.beginBody(body, this.#voice.nowMs);
    if (startTls) this.#owner.startTls();
    if (endTls) this.#owner.endTls();
    if (end) this.#voice.end(isLast === true && this.#inflow.isEmpty);
  }

  #fail(error: unknown): void {
    this.#voice.record("*", `error: ${error instanceof Error ? error.message : String(error)}`);
    this.#answer(this.#voice.session.failed(error));
  }
}

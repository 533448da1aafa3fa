import type { Connection, Said, TlsFacts } from "./connection.ts";
import { epochMs } from "./clock.ts";
import type { ConnectionAbout, ConnectionInterceptor } from "./interceptor.ts";
import type { Cutter } from "./lines.ts";
import type { Passage } from "./passage.ts";
import type { Protocol } from "./protocol.ts";
import type { Session, Voice } from "./session.ts";
import { plainText } from "./shown.ts";
import type { Speaker } from "./transcript.ts";

/**
 * Our side of a conversation: the session and who watches it, what they know of their connection, and what they say.
 * All of it goes into the transcript, and nothing is said after the end.
 */
export class ConversationVoice<Message> implements Voice, ConnectionAbout {
  readonly connection: number;
  readonly session: Session<Message>;
  readonly interceptor: ConnectionInterceptor | undefined;
  /** When what is heard and said now is, in milliseconds since the epoch: taken once for all of a burst. */
  nowMs = epochMs();
  /** When we ended, after `isOver`. */
  endedMs = this.nowMs;
  /** We have ended, or the connection is gone. */
  isOver = false;
  /** The other side has said all it ever will. */
  hasHeardAll = false;
  /** While messages are heard: what is said leaves together when they are. */
  isInBurst = false;
  /** During an intervention: what becomes of replies outside of a turn. */
  preliminary: ((reply: Said) => Said) | undefined;
  readonly #link: Connection;
  readonly #protocol: Protocol<Message>;

  constructor(connection: number, link: Connection, protocol: Protocol<Message>, cutter: Cutter<Message>) {
    this.connection = connection;
    this.#link = link;
    this.#protocol = protocol;
    this.session = protocol.open(this, cutter);
    this.interceptor = protocol.interceptor?.open(this);
  }

  get remoteAddress(): string {
    return this.#link.remoteAddress;
  }

  get remotePort(): number {
    return this.#link.remotePort;
  }

  get localAddress(): string {
    return this.#link.localAddress;
  }

  get tls(): TlsFacts | undefined {
    return this.#link.tls;
  }

  get waitingBytes(): number {
    return this.#link.socket.writableLength;
  }

  get incoming(): Passage {
    return this.#link.incoming;
  }

  get outgoing(): Passage {
    return this.#link.outgoing;
  }

  identify(user: string): void {
    this.interceptor?.identified?.(user);
  }

  note(event: string): void {
    this.record("*", event);
  }

  say(said: Said): void {
    this.sayNow(this.preliminary ? this.preliminary(said) : said);
  }

  saySoon(said: Said): void {
    this.answer(this.preliminary ? this.preliminary(said) : said);
    this.#link.flushSoon();
  }

  /** Say it with what else is said in this burst, or at once without one. */
  sayNow(said: Said): void {
    this.answer(said);
    if (!this.isInBurst) this.#link.flush();
  }

  /** Say it with the next flush. */
  answer(said: Said): void {
    if (this.isOver || said.length === 0) return;
    const { recorder, isShownLate, showReply = plainText } = this.#protocol;
    if (isShownLate?.(said)) recorder.recordLate(this.connection, "S", said, showReply, this.nowMs);
    else this.record("S", showReply(said));
    this.#link.say(said);
  }

  record(from: Speaker, text: string): void {
    const entry = this.#protocol.recorder.record(this.connection, from, text, this.nowMs);
    this.session.recorded?.(entry);
  }

  /** @param isAgreed nothing more will come, so that nobody waits for it */
  end(isAgreed = false): void {
    if (this.isOver) return;
    this.isOver = true;
    this.endedMs = epochMs();
    if (isAgreed) this.#link.part();
    else this.#link.end();
    if (this.hasHeardAll) this.#link.destroySoon();
  }

  destroy(): void {
    this.#link.destroy();
  }

  reset(): void {
    this.isOver = true;
    this.#link.reset();
  }
}

import type { Socket } from "node:net";
import { epochMs } from "./clock.ts";
import { Connection, type ConnectionOwner } from "./connection.ts";
import { ConversationVoice } from "./conversation-voice.ts";
import type { Guest } from "./listener.ts";
import type { Entrance, Protocol } from "./protocol.ts";
import { Turns, type TurnsOwner } from "./turns.ts";

/**
 * The one conversation that every command/reply server holds:
 *
 * ```
 * socket → limits → (TLS) → cut → interceptor → session.hear → reply → interceptor → one write per burst → socket
 *                            │                                   │
 *                            └──────────── transcript ───────────┘
 * ```
 *
 * Here is the life of its connection: TLS, the greeting, time that is up, the end. What is heard is in `Turns`, what is
 * said in `ConversationVoice`.
 */
export class Conversation<Message> implements ConnectionOwner, Guest, TurnsOwner {
  readonly #protocol: Protocol<Message>;
  readonly #link: Connection;
  readonly #voice: ConversationVoice<Message>;
  readonly #turns: Turns<Message>;
  #isGreeted = false;
  #isHandshaking = false;
  /** When the other side last said something. */
  #lastMs: number;

  constructor(
    socket: Socket,
    number: number,
    protocol: Protocol<Message>,
    { hasImplicitTls = false, client, early }: Entrance = {},
  ) {
    this.#protocol = protocol;
    this.#link = new Connection(socket, this, { client, encoding: protocol.encoding });
    const cutter = protocol.cutter();
    this.#voice = new ConversationVoice(number, this.#link, protocol, cutter);
    this.#turns = new Turns(protocol, this.#link, this.#voice, cutter, this);
    this.#lastMs = this.#voice.nowMs;
    if (hasImplicitTls) this.#secure(() => this.#greet(), early);
    else if (this.#voice.session.spokenTooEarly) setImmediate(() => setImmediate(() => this.#greet()));
    else this.#greet();
  }

  received(bytes: Buffer): void {
    const voice = this.#voice;
    if (voice.isOver) return;
    this.#lastMs = voice.nowMs = epochMs();
    if (!this.#isGreeted) voice.session.spokenTooEarly?.();
    this.#turns.push(bytes);
  }

  ended(): void {
    this.#voice.hasHeardAll = true;
    this.#turns.heardAll();
    if (this.#voice.isOver) this.#link.destroySoon();
    else if (!this.#isGreeted && !this.#isHandshaking) this.#voice.end();
  }

  drained(): void {
    this.#lastMs = epochMs();
    this.#turns.run();
  }

  closed(error: Error | undefined): void {
    const voice = this.#voice;
    const isLost = error !== undefined || !(voice.isOver || voice.hasHeardAll);
    voice.isOver = true;
    voice.nowMs = epochMs();
    this.#turns.close();
    voice.note(isLost ? `connection lost${error ? `: ${error.message}` : ""}` : "closed");
    voice.session.gone?.(isLost ? "lost" : "ended");
    voice.interceptor?.closed?.();
  }

  startTls(): void {
    this.#secure();
  }

  /** In clear from here on. What was sent over TLS behind the command is never heard. */
  endTls(): void {
    const { session } = this.#voice;
    const dropped = this.#turns.hold();
    this.#isHandshaking = true;
    this.#lastMs = epochMs();
    this.#link.endTls().then(
      (droppedMeanwhile) => {
        this.#isHandshaking = false;
        this.#voice.nowMs = epochMs();
        this.#voice.note("in clear");
        session.cleared?.(dropped + droppedMeanwhile);
        this.#turns.release();
      },
      (error: Error) => this.#voice.note(error.message),
    );
  }

  /** Look at the clock; called every so often by the server. */
  check(nowMs: number): void {
    const { limits } = this.#protocol;
    const { isOver, endedMs } = this.#voice;
    const quietMs = nowMs - (isOver ? endedMs : this.#lastMs);
    if (isOver) {
      if (quietMs > limits.lingerMs && this.#link.heldBytes === 0) this.destroy();
    } else if (this.#isHandshaking) {
      if (quietMs > limits.handshakeTimeoutMs) this.destroy();
    } else if (this.#link.isCongested) {
      if (quietMs > limits.idleTimeoutMs) this.destroy();
    } else if (this.#turns.isWaiting) {
      const { beganMs } = this.#turns;
      if (beganMs > 0 && nowMs - beganMs > limits.messageTimeoutMs) this.#expire("message");
      else if (quietMs > limits.idleTimeoutMs) this.#expire("idle");
    }
  }

  leave(): void {
    if (!this.#isGreeted || this.#isHandshaking) this.destroy();
    else this.#turns.leave();
  }

  destroy(): void {
    this.#link.destroy();
  }

  #greet(): void {
    if (this.#voice.isOver) return;
    this.#isGreeted = true;
    this.#turns.greet();
  }

  /** TLS from here on. What was sent in clear behind the command is never heard (RFC 3207 section 4.2). */
  #secure(then = (): void => {}, early?: Buffer): void {
    const { session, interceptor } = this.#voice;
    const dropped = this.#turns.hold();
    this.#isHandshaking = true;
    this.#lastMs = epochMs();
    const secureContext = interceptor?.secureContext?.() ?? this.#protocol.secureContext();
    const { mayEndTls = false } = this.#protocol;
    this.#link.startTls({ isServer: true, secureContext, mayEnd: mayEndTls }, early).then(
      (tls) => {
        this.#isHandshaking = false;
        this.#voice.nowMs = epochMs();
        this.#voice.note(`${tls.version} ${tls.cipher}${tls.isResumed ? " resumed" : ""}`);
        interceptor?.secured?.();
        session.secured?.(tls, dropped);
        then();
        this.#turns.release();
      },
      (error: Error) => this.#voice.note(error.message),
    );
  }

  #expire(limit: "idle" | "message"): void {
    this.#voice.nowMs = epochMs();
    this.#turns.part(this.#voice.session.expired(limit));
  }
}

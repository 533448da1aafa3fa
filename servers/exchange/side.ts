import type { Socket } from "node:net";
import { Connection, type ConnectionOwner, type TlsUpgrade } from "../../wire/connection.ts";
import { WireError } from "../../wire/errors.ts";
import { bufferOf, byteString } from "../../wire/exchange/byte-string.ts";
import type { Dialect, Dialogue, Message } from "../../wire/exchange/dialect.ts";
import type { Role } from "../../wire/exchange/script.ts";

/** Whoever has two sides hears of these. */
export interface SideOwner {
  /** There are new messages, or the side has ended. */
  news(): void;
  /** The side reads again. */
  drained(): void;
  closed(side: Side, error: Error | undefined): void;
}

/** One side of a conversation in the middle of which we are: its connection, and the dialogue as it knows it. */
export class Side implements ConnectionOwner {
  readonly speaker: Role;
  readonly link: Connection;
  /** What it has said and nobody has dealt with, whole messages. */
  readonly messages: Message[] = [];
  /** It has sent its FIN. */
  hasEnded = false;
  /** The other side knows. */
  isEndPassed = false;
  readonly #dialect: Dialect;
  readonly #owner: SideOwner;
  #talk: Dialogue;

  constructor(socket: Socket, speaker: Role, dialect: Dialect, owner: SideOwner) {
    this.speaker = speaker;
    this.#dialect = dialect;
    this.#owner = owner;
    this.#talk = dialect.open();
    this.link = new Connection(socket, this);
  }

  /** Bytes of something that is no whole message yet. */
  get unfinished(): string {
    return this.#talk.unfinished(this.speaker);
  }

  /** What it hears with the next flush, as a byte string. */
  say(bytes: string): void {
    if (bytes === "") return;
    try {
      this.#talk.cut(this.#other, bytes);
    } catch (error) {
      // A rule may say what is no message, to see what the client makes of it.
      if (!(error instanceof WireError)) throw error;
    }
    this.link.say(bufferOf(bytes));
  }

  /** The bytes that say a message to it. */
  encode(text: string): string {
    return this.#talk.encode(this.#other, "", text);
  }

  /** TLS from here on. What it said in clear and nobody heard is forgotten (RFC 3207 section 4.2). */
  async startTls(upgrade: TlsUpgrade): Promise<string> {
    this.messages.length = 0;
    const { version } = await this.link.startTls(upgrade);
    this.#talk = this.#dialect.open(true);
    return version;
  }

  received(bytes: Buffer): void {
    try {
      this.messages.push(...this.#talk.cut(this.speaker, byteString(bytes)));
    } catch (error) {
      // What cannot be a message cannot be passed on as one.
      this.#owner.closed(this, error instanceof Error ? error : new Error(String(error)));
      this.link.destroy();
      return;
    }
    this.#owner.news();
  }

  ended(): void {
    this.hasEnded = true;
    this.#owner.news();
  }

  drained(): void {
    this.#owner.drained();
  }

  closed(error: Error | undefined): void {
    this.#owner.closed(this, error);
  }

  get #other(): Role {
    return this.speaker === "C" ? "S" : "C";
  }
}

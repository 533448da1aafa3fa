import { WireError } from "../errors.ts";
import type { Dialect, Dialogue, Message } from "./dialect.ts";
import type { Role } from "./script.ts";

/** What came on one connection and has not been heard by the script yet. Pure: bytes are pushed into it. */
export class Inbox {
  readonly dialect: Dialect;
  readonly isDatagram: boolean;
  readonly messages: Message[] = [];
  /** The other side has sent its FIN, or the connection broke. */
  end: "closed" | "reset" | undefined;
  receivedBytes = 0;
  #dialogue: Dialogue;
  readonly #speaker: Role;

  /** @param speaker whose bytes come in here */
  constructor(dialect: Dialect, speaker: Role, isDatagram = false) {
    this.dialect = dialect;
    this.isDatagram = isDatagram;
    this.#speaker = speaker;
    this.#dialogue = dialect.open();
  }

  /** Bytes that came. @throws {WireError} when they cannot be messages of the dialect */
  push(bytes: string): Message[] {
    this.receivedBytes += bytes.length;
    const messages = this.#dialogue.cut(this.#speaker, bytes);
    if (this.isStream && this.messages.length > 0) {
      // A stream has no messages: what waits is one stretch of bytes.
      const whole = this.messages[0]!.raw + bytes;
      this.messages[0] = { kind: "", text: whole, raw: whole };
    } else for (const message of messages) this.messages.push(message);
    return messages;
  }

  /** Bytes that we say, so that both directions of the dialogue are known; gives their messages. */
  said(bytes: string): Message[] {
    try {
      return this.#dialogue.cut(this.#speaker === "C" ? "S" : "C", bytes);
    } catch (error) {
      // What a script says is wrong on purpose when it is: that the other side has to find out.
      if (error instanceof WireError) return [];
      throw error;
    }
  }

  encode(speaker: Role, kind: string, text: string): string {
    return this.#dialogue.encode(speaker, kind, text);
  }

  get isStream(): boolean {
    return this.dialect.isStream === true && !this.isDatagram;
  }

  /** The bytes that wait, cut or not. */
  get bytes(): string {
    return this.messages.map((message) => message.raw).join("") + this.#dialogue.unfinished(this.#speaker);
  }

  get isEmpty(): boolean {
    return this.messages.length === 0 && this.#dialogue.unfinished(this.#speaker) === "";
  }

  /** Takes so many messages. */
  take(count: number): void {
    if (count === 1) this.messages.shift();
    else this.messages.splice(0, count);
  }

  /** Takes so many bytes of a stream. */
  takeBytes(count: number): void {
    const rest = this.messages[0]?.raw.slice(count) ?? "";
    this.messages.length = 0;
    if (rest !== "") this.messages.push({ kind: "", text: rest, raw: rest });
  }

  /** TLS has begun: the dialogue goes on, but nothing of it is carried over, not even half a line. */
  restart(): void {
    this.#dialogue = this.dialect.open(true);
  }
}

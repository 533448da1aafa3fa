import { closePayload, encodeFrame, opcodes } from "../websocket.ts";
import { WireError } from "../errors.ts";
import { byteString } from "./byte-string.ts";
import type { Dialect, Message } from "./dialect.ts";
import { Inbox } from "./inbox.ts";
import type { Role } from "./script.ts";
import type { Channel } from "./stage.ts";

/** One open connection of a performance: what waits to be heard on it, and what waits to be sent. */
export class Link {
  readonly name: string;
  readonly channel: Channel;
  readonly inbox: Inbox;
  /** Why bytes could not be cut, or why the connection broke. */
  error: Error | undefined;
  /** When the last bytes came, as `performance.now()` tells it. */
  lastMs = 0;
  readonly #us: Role;
  readonly #arrived: () => void;
  /** Kinds of WebSocket control frames that the script itself speaks of; the others are answered here. */
  readonly #scripted: ReadonlySet<string>;
  #outbox: string[] = [];
  #hasSaidClose = false;

  constructor(
    name: string,
    channel: Channel,
    dialect: Dialect,
    us: Role,
    scripted: ReadonlySet<string>,
    arrived: () => void,
  ) {
    this.name = name;
    this.channel = channel;
    this.#us = us;
    this.#scripted = scripted;
    this.#arrived = arrived;
    this.inbox = new Inbox(dialect, us === "C" ? "S" : "C", channel.isDatagram);
    channel.hears = { received: (bytes) => this.#received(bytes), ended: (error) => this.#ended(error) };
  }

  get #isWebSocket(): boolean {
    return this.inbox.dialect.name === "message";
  }

  /** Whether the other side is done and nothing of it waits. */
  get isOver(): boolean {
    return this.inbox.end !== undefined && this.inbox.isEmpty;
  }

  /** Puts bytes with what leaves in the next write. */
  say(bytes: string): void {
    if (bytes === "") return;
    this.#outbox.push(bytes);
    try {
      const messages = this.inbox.said(bytes);
      if (this.#isWebSocket) this.#hasSaidClose ||= messages.some(({ kind }) => kind === "close");
    } catch (error) {
      // A script may say what is no message, to see what the other side makes of it.
      if (!(error instanceof WireError)) throw error;
    }
  }

  /** Takes what was said since the last time, in the writes it has to leave in: one, or one for each datagram. */
  takeSaid(): string[] {
    const said = this.#outbox;
    this.#outbox = [];
    if (said.length === 0) return [];
    return this.channel.isDatagram ? said : [said.join("")];
  }

  /** Writes what was said; gives in how many writes. */
  flush(): number {
    if (this.#outbox.length === 0) return 0;
    const writes = this.takeSaid();
    for (const bytes of writes) this.channel.write(bytes);
    return writes.length;
  }

  /** Says goodbye as the protocol asks for, and ends. */
  end(): void {
    this.#sayClose();
    this.flush();
    this.channel.end();
  }

  #received(bytes: string): void {
    this.lastMs = performance.now();
    try {
      const messages = this.inbox.push(bytes);
      if (this.#isWebSocket) for (const message of messages) this.#control(message);
    } catch (error) {
      this.error = error instanceof Error ? error : new Error(String(error));
      this.inbox.end ??= "closed";
    }
    this.#arrived();
  }

  #ended(error?: Error): void {
    if (error !== undefined) this.error ??= error;
    this.inbox.end ??= error === undefined ? "closed" : "reset";
    this.#arrived();
  }

  /** RFC 6455 section 5.5: a ping has to be answered, a close echoed; unless the script does it itself. */
  #control(message: Message): void {
    if (this.#scripted.has(message.kind)) return;
    if (message.kind === "ping" || message.kind === "pong") {
      this.#drop(message);
      if (message.kind === "ping") this.channel.write(this.inbox.encode(this.#us, "pong", message.text));
    } else if (message.kind === "close") {
      this.#drop(message);
      this.#sayClose();
      this.flush();
      this.inbox.end ??= "closed";
    }
  }

  #sayClose(): void {
    if (!this.#isWebSocket || this.#hasSaidClose || this.inbox.end === "reset") return;
    const mask = this.#us === "C" ? { mask: Uint8Array.of(1, 2, 3, 4) } : {};
    this.say(byteString(encodeFrame(opcodes.close, closePayload(1000), mask)));
  }

  #drop(message: Message): void {
    const index = this.inbox.messages.indexOf(message);
    if (index !== -1) this.inbox.messages.splice(index, 1);
  }
}

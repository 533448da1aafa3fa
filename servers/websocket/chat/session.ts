import { randomBytes } from "node:crypto";
import { type IrcMessage, isTooLong, parseIrc, printIrc } from "../../../wire/irc.ts";
import { commands, isSpoken } from "./commands.ts";
import type { Hub } from "./hub.ts";
import { labelled } from "./label.ts";
import { Line, type Broadcast, type Understanding } from "./line.ts";
import type { LiveRoom } from "./live-room.ts";
import type { Outlet } from "./outlet.ts";
import { TokenBucket } from "./token-bucket.ts";

/** How what a session has said comes back to it. */
export interface Answering {
  /** With this label, which was deferred. */
  readonly label?: string | undefined;
  /** Among the answers to the command under way. */
  readonly isAnswer?: boolean | undefined;
}

/**
 * One client of the chat, whatever it is connected by. It hears lines and has lines to say; it does no socket I/O.
 *
 * Messages to rooms do not wait for one another: they go to the bus in the order in which they came. Any other command
 * waits until those before it are done, so a PONG says that everything before its PING has happened.
 */
export class ChatSession {
  readonly hub: Hub;
  readonly outlet: Outlet;
  nick = "";
  user = "";
  realName = "";
  password = "";
  /** Why whoever it is, is away. */
  away: string | undefined;
  /** Not told to who asks for everybody, but for those in the same rooms (`+i`). */
  isInvisible = false;
  /** Rooms that it was invited to and has not come into, as they are spelled, by their names as they are compared. */
  readonly invitations = new Map<string, string>();
  readonly host: string;
  /** Capabilities that were agreed upon. */
  readonly capabilities = new Set<string>();
  /** Understood of every line; follows from the capabilities. */
  understanding: Understanding = { time: false, tags: false };
  /** CAP LS was asked for, so it is not registered before CAP END. */
  isNegotiating = false;
  isRegistered = false;
  /** The connection is gone, or goes. */
  isOver = false;
  /** A test wants nothing more to come or go. */
  isSilent = false;
  /** With it the client may end this connection from another one. */
  readonly token = randomBytes(16).toString("hex");
  /** By their names as they are compared. */
  readonly rooms = new Map<string, LiveRoom<ChatSession>>();
  /** When it came, and when it last said something, by the clock of the chat. */
  readonly beganMs: number;
  #heardMs: number;
  /** When it last said something to somebody. */
  saidMs: number;
  #hasPinged = false;
  #captured: (Line | Broadcast)[] | undefined;
  #deferred = false;
  #label: string | undefined;
  #unsettled = 0;
  #whenSettled: (() => void)[] = [];
  readonly #bucket: TokenBucket;

  constructor(hub: Hub, outlet: Outlet) {
    this.hub = hub;
    this.outlet = outlet;
    // A name in IRC must not begin with a colon.
    const { remoteAddress } = outlet;
    this.host = remoteAddress.startsWith(":") ? `0${remoteAddress}` : remoteAddress;
    this.beganMs = this.saidMs = this.#heardMs = hub.clock.now();
    const { linesPerSecond, lineBurst } = hub.options;
    this.#bucket = new TokenBucket(hub.clock, linesPerSecond, lineBurst);
  }

  /** `nick!user@host` */
  get source(): string {
    return `${this.nick}!${this.user}@${this.host}`;
  }

  /** The nick, or `*` for who has none yet. */
  get name(): string {
    return this.nick === "" ? "*" : this.nick;
  }

  /**
   * Hear a line; done when it is answered, as far as it is answered at once.
   * @param isUtf8 whether it came as that; no other line can be passed on to everybody
   */
  hear(text: string, isUtf8 = true): void | Promise<void> {
    if (this.isSilent) return new Promise(() => {});
    this.#heardMs = this.hub.clock.now();
    this.#hasPinged = false;
    if (isTooLong(text)) {
      this.numeric("417", [], "Input line was too long");
      return;
    }
    const message = parseIrc(text);
    if (message.command === "" || this.isOver) return;
    const mustSettle = this.#unsettled > (isSpoken(message) ? this.hub.options.lineBurst : 0);
    const hasRoom = this.#bucket.take();
    if (hasRoom && !mustSettle) return this.#answer(message, isUtf8);
    return (async () => {
      if (!hasRoom) await this.#bucket.wait();
      if (mustSettle) await this.settled();
      if (!this.isOver) await this.#answer(message, isUtf8);
    })();
  }

  /** Say a line of this server's own. */
  send(command: string, params: readonly string[], text?: string): void {
    this.#push(new Line(printIrc({ source: this.hub.options.serverName, command, params, text })));
  }

  /** A numeric reply: the nick of who hears it comes first. */
  numeric(code: string, params: readonly string[], text?: string): void {
    this.send(code, [this.name, ...params], text);
  }

  /** A standard reply of IRCv3: `FAIL CHATHISTORY INVALID_TARGET #room :No such room`. */
  fail(command: string, code: string, params: readonly string[], text: string): void {
    this.send("FAIL", [command, code, ...params], text);
  }

  /** Say something that has happened because of the command under way: with its label, if it has one. */
  tellOwn(broadcast: Broadcast): void {
    if (this.#captured) this.#captured.push(broadcast);
    else this.tell(broadcast);
  }

  /** Say something that has happened. */
  tell(broadcast: Broadcast, tag?: readonly [string, string]): void {
    const { understanding } = this;
    this.#say(tag ? broadcast.lineWith(tag, understanding) : broadcast.lineFor(understanding));
  }

  /** Say what has come back of what it said itself: as an echo, or as what is left of one. */
  tellBack(broadcast: Broadcast, { label, isAnswer }: Answering): void {
    if (!this.capabilities.has("echo-message")) {
      if (label !== undefined) this.acknowledge(label);
    } else if (isAnswer) this.tellOwn(broadcast);
    else this.tell(broadcast, label === undefined ? undefined : ["label", label]);
  }

  /** Say whole lines as they are. */
  sendLines(lines: readonly string[]): void {
    for (const line of lines) this.#push(new Line(line));
  }

  /** Answer the label of the command under way later, with what comes of it. @returns the label, if there is one */
  deferLabel(): string | undefined {
    this.#deferred = this.#label !== undefined;
    return this.#label;
  }

  /** Whether the command under way has a label. */
  get isLabelled(): boolean {
    return this.#label !== undefined;
  }

  /** Answer a label that was deferred, when nothing else does. */
  acknowledge(label: string): void {
    this.#say(new Line(`@label=${label} :${this.hub.options.serverName} ACK`));
  }

  /** Say that something with a label, deferred, was not done. */
  failLabelled(
    label: string | undefined,
    ...[command, code, params, text]: Parameters<ChatSession["fail"]>
  ): void {
    const { serverName: source } = this.hub.options;
    const tags = label === undefined ? [] : [["label", label] as const];
    this.#say(
      new Line(printIrc({ tags, source, command: "FAIL", params: [command, code, ...params], text })),
    );
  }

  /** Something was given to the bus; the result says that it has come back, or will not. */
  unsettled(): () => void {
    this.#unsettled++;
    return () => {
      if (--this.#unsettled > 0) return;
      for (const resolve of this.#whenSettled.splice(0)) resolve();
    };
  }

  /** Resolved when all that was given to the bus has come back. */
  settled(): Promise<void> {
    if (this.#unsettled === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenSettled.push(resolve));
  }

  /** More waits for the client than it may: it does not read. */
  overflowed(): void {
    this.outlet.note(`ended: more than ${this.hub.options.maxUnreadBytes} bytes wait for it to read`);
    this.gone("SendQ exceeded");
    this.outlet.destroy();
  }

  /** Look at the clock: who says nothing is asked whether he is there. */
  check(nowMs: number): void {
    const { pingMs, registrationTimeoutMs, serverName } = this.hub.options;
    const quietMs = nowMs - this.#heardMs;
    if (!this.isRegistered && nowMs - this.beganMs > registrationTimeoutMs)
      this.end("Registration timed out");
    else if (quietMs >= 2 * pingMs) this.end(`Ping timeout: ${Math.round(quietMs / 1_000)} seconds`);
    else if (quietMs >= pingMs && !this.#hasPinged) {
      this.#hasPinged = true;
      this.sendLines([`PING :${serverName}`]);
    }
  }

  /** End the connection, and say why. */
  end(reason: string): void {
    if (this.isOver) return;
    this.#captured = undefined;
    this.sendLines([`ERROR :Closing Link: ${this.host} (${reason})`]);
    this.gone(reason);
    this.outlet.end();
  }

  /** The connection is gone. */
  gone(reason: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#bucket.close();
    this.hub.leave(this, reason);
  }

  #answer(message: IrcMessage, isUtf8: boolean): void | Promise<void> {
    const label = this.capabilities.has("labeled-response") ? message.tags.get("label") : undefined;
    if (label === undefined || label === "") return this.#run(message, isUtf8);
    this.#captured = [];
    this.#label = label;
    this.#deferred = false;
    const done = this.#run(message, isUtf8);
    if (!done) {
      this.#endLabel(label);
      return;
    }
    return done.then(() => this.#endLabel(label));
  }

  #endLabel(label: string): void {
    const captured = this.#captured ?? [];
    this.#captured = undefined;
    this.#label = undefined;
    if (this.#deferred && captured.length === 0) return;
    const texts = captured.map((line) =>
      line instanceof Line ? line.text : line.lineFor(this.understanding).text,
    );
    for (const text of labelled(label, texts, this.hub.options.serverName)) this.#say(new Line(text));
  }

  #run(message: IrcMessage, isUtf8: boolean): void | Promise<void> {
    if (!isUtf8) {
      this.fail(message.command, "INVALID_UTF8", [], "Lines must be UTF-8 here");
      return;
    }
    const command = commands.get(message.command);
    if (!command) {
      if (this.isRegistered) this.numeric("421", [message.command], "Unknown command");
      else this.numeric("451", [], "You have not registered");
      return;
    }
    if (!this.isRegistered && command.isEarly !== true) {
      this.numeric("451", [], "You have not registered");
      return;
    }
    if (message.params.length < command.minParams) {
      this.numeric("461", [message.command], "Not enough parameters");
      return;
    }
    try {
      const done = command.run(this, message);
      return done?.catch((error: unknown) => this.#failed(message, error));
    } catch (error) {
      this.#failed(message, error);
    }
  }

  /** The bus is gone, or we are wrong: whoever asked is told that it was not done. */
  #failed({ command }: IrcMessage, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.outlet.note(`error: ${command}: ${reason}`);
    this.fail(command, "INTERNAL_ERROR", [], "It could not be done; try again");
  }

  #push(line: Line): void {
    if (this.#captured) this.#captured.push(line);
    else this.#say(line);
  }

  #say(line: Line): void {
    if (!this.isOver && !this.isSilent) this.outlet.say(line);
  }
}

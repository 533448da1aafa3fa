import { randomBytes } from "node:crypto";
import {
  byteLength,
  type IrcMessage,
  maxClientTagBytes,
  maxLineBytes,
  parseIrc,
  printIrc,
} from "../../../wire/irc.ts";
import { commands, isSpoken } from "./commands.ts";
import type { Hub } from "./hub.ts";
import { labelled } from "./label.ts";
import { Line, type Broadcast, type Understanding } from "./line.ts";
import type { LiveRoom } from "./live-room.ts";
import type { Outlet } from "./outlet.ts";
import { TokenBucket } from "./token-bucket.ts";

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
  readonly #beganMs: number;
  #heardMs: number;
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
    this.#beganMs = this.#heardMs = hub.clock.now();
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

  /** Hear a line; done when it is answered, as far as it is answered at once. */
  hear(text: string): void | Promise<void> {
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
    if (hasRoom && !mustSettle) return this.#answer(message);
    return (async () => {
      if (!hasRoom) await this.#bucket.wait();
      if (mustSettle) await this.settled();
      if (!this.isOver) await this.#answer(message);
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

  /** Say whole lines as they are. */
  sendLines(lines: readonly string[]): void {
    for (const line of lines) this.#push(new Line(line));
  }

  /** Answer the label of the command under way later, with what comes of it. @returns the label, if there is one */
  deferLabel(): string | undefined {
    this.#deferred = this.#label !== undefined;
    return this.#label;
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
    if (!this.isRegistered && nowMs - this.#beganMs > registrationTimeoutMs)
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

  #answer(message: IrcMessage): void | Promise<void> {
    const label = this.capabilities.has("labeled-response") ? message.tags.get("label") : undefined;
    if (label === undefined || label === "") return this.#run(message);
    this.#captured = [];
    this.#label = label;
    this.#deferred = false;
    const done = this.#run(message);
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

  #run(message: IrcMessage): void | Promise<void> {
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

/** 512 bytes with the line end, and 4096 for tags before that. */
function isTooLong(text: string): boolean {
  if (text.length * 3 + 2 <= maxLineBytes) return false;
  const tagged = text.startsWith("@") ? text.indexOf(" ") + 1 : 0;
  if (tagged > 0 && byteLength(text.slice(0, tagged)) > maxClientTagBytes) return true;
  return byteLength(text.slice(tagged)) + 2 > maxLineBytes;
}

import { WireError } from "../../../wire/errors.ts";
import { foldName, printIrc } from "../../../wire/irc.ts";
import { Journal, type JournalWait } from "../../../wire/journal.ts";
import { type ChatEvent, type ChatSaid, isSaid } from "./events.ts";
import { Barriers } from "./barriers.ts";
import { ChatConnection } from "./connection.ts";
import { ChatHearing } from "./hearing.ts";
import type { ResolvedChatClientOptions } from "./options.ts";
import type { ChatRoomView } from "./room.ts";
import { waitToRetry } from "./retry.ts";
import { JoinedRooms } from "./rooms.ts";
import { ownTag, UnconfirmedMessages } from "./unconfirmed.ts";

/** Somebody in a chat, over as many connections as it takes. */
export class ChatClient implements AsyncDisposable {
  readonly #options: ResolvedChatClientOptions;
  readonly #urls: readonly string[];
  readonly #events: Journal<ChatEvent>;
  readonly #unconfirmed = new UnconfirmedMessages();
  readonly #rooms: JoinedRooms;
  readonly #leaving = new AbortController();
  readonly #over = Promise.withResolvers<void>();
  readonly #barriers = new Barriers();
  readonly #hearing: ChatHearing;
  #connection: ChatConnection | undefined;
  #isOpen = false;
  #hasBeenOpen = false;
  #connections = 0;
  #attempts = 0;

  /** @param urls the servers that are tried, in turn */
  constructor(options: ResolvedChatClientOptions, urls: readonly string[]) {
    this.#options = options;
    this.#urls = urls;
    this.#events = new Journal(options.maxEvents);
    this.#rooms = new JoinedRooms(
      options,
      {
        nick: () => this.#hearing.nick,
        send: (line) => this.#send(line),
        has: (capability) => this.#has(capability),
        tell: (event) => this.#events.add(event),
      },
      this.#unconfirmed,
    );
    this.#hearing = new ChatHearing(options.nick, {
      rooms: this.#rooms,
      unconfirmed: this.#unconfirmed,
      barriers: this.#barriers,
      events: this.#events,
    });
  }

  get nick(): string {
    return this.#hearing.nick;
  }

  /** Whether we are welcome now, and in our rooms. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How many connections there have been, the first one included. */
  get connections(): number {
    return this.#connections;
  }

  /** The rooms that we are in, by their names in lower case. */
  get rooms(): ReadonlyMap<string, ChatRoomView> {
    return this.#rooms.all;
  }

  /** Go into a room. @throws WireError REPLY_UNEXPECTED when we may not, CONNECTION_LOST */
  async join(name: string): Promise<ChatRoomView> {
    return await this.#rooms.join(name);
  }

  /** Leave a room. */
  part(name: string, reason?: string): void {
    this.#rooms.all.delete(foldName(name));
    this.#send(printIrc({ command: "PART", params: [name], text: reason }));
  }

  /**
   * Say something in a room, or to a nick. It may be said while the connection is lost: it goes when it is back.
   * @returns the id of the message, when nothing can lose it any more; empty where the server gives none
   * @throws WireError REPLY_UNEXPECTED when it is refused, CONNECTION_LOST when the client was closed
   */
  async say(target: string, text: string): Promise<string> {
    return await this.#say("PRIVMSG", target, text);
  }

  /** The same as a NOTICE, which programs do not answer. */
  async notice(target: string, text: string): Promise<string> {
    return await this.#say("NOTICE", target, text);
  }

  /** What the room is about from now on. */
  setTopic(name: string, topic: string): void {
    this.#send(printIrc({ command: "TOPIC", params: [name], text: topic }));
  }

  /** Say any line of IRC. */
  sendLine(line: string): void {
    this.#send(line);
  }

  /** Every event, from the first one that is kept, until the client closes. */
  [Symbol.asyncIterator](): AsyncIterableIterator<ChatEvent> {
    return this.#events.iterate(undefined, this.#events.list());
  }

  /** What was said by anybody in a room or to us, in the same way. */
  async *messages(): AsyncIterableIterator<ChatSaid> {
    for await (const event of this) if (isSaid(event)) yield event;
  }

  /** The first message that fits, heard already or yet to come. @throws WireError TIMED_OUT */
  async waitForMessage(
    fits: (message: ChatSaid) => boolean = () => true,
    options?: JournalWait,
  ): Promise<ChatSaid> {
    const found = await this.#events.wait(
      "a message",
      (event) => (isSaid(event) && fits(event) ? undefined : JSON.stringify(event)),
      options,
    );
    return found as ChatSaid;
  }

  /** Connect for the first time. @throws as `connectChat` */
  async open(): Promise<void> {
    await this.#connect();
    for (const name of this.#options.rooms) await this.join(name);
    this.#isOpen = this.#hasBeenOpen = true;
  }

  /** Say goodbye. */
  async close(reason = "Leaving"): Promise<void> {
    if (!this.#leaving.signal.aborted) {
      this.#leaving.abort();
      this.#send(`QUIT :${reason}`);
      if (!this.#connection) this.#finish();
      // A server that does not end the connection then is not waited for.
      const timer = setTimeout(() => this.#connection?.destroy(), 1_000);
      await this.#over.promise;
      clearTimeout(timer);
    }
    await this.#over.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #connect(): Promise<void> {
    this.#hearing.begin();
    const { nick, token } = this.#hearing;
    const url = this.#urls[this.#attempts++ % this.#urls.length] ?? this.#options.url;
    const connection = await ChatConnection.open(
      { ...this.#options, url },
      { nick, token },
      {
        heard: (message) => this.#hearing.hear(message),
        lost: () => this.#lost(),
      },
    );
    this.#connections++;
    this.#connection = connection;
    this.#hearing.nick = connection.nick;
    if (this.#leaving.signal.aborted) connection.destroy();
  }

  async #say(command: "PRIVMSG" | "NOTICE", target: string, text: string): Promise<string> {
    if (this.#leaving.signal.aborted) throw new WireError("CONNECTION_LOST", "the client was closed");
    if (/[\r\n]/.test(text)) throw new TypeError("say: a message is one line; say the next one by itself");
    if (!this.#connection || this.#has("labeled-response")) {
      const { line, id } = this.#unconfirmed.add(target, (reference) =>
        printIrc({
          tags: [
            ["label", reference],
            [ownTag, reference],
          ],
          command,
          params: [target],
          text,
        }),
      );
      // In a room that is not caught up with, it is said when that is done.
      if (this.#rooms.get(target)?.isHeld !== true) this.#send(line);
      return await id;
    }
    // Without labels, a message counts as said when the server answers what comes behind it.
    this.#send(printIrc({ command, params: [target], text }));
    await this.#barriers.pass((line) => this.#send(line));
    return "";
  }

  #has(capability: string): boolean {
    return this.#connection?.has(capability) ?? false;
  }

  #send(line: string): void {
    this.#connection?.send(line);
  }

  #lost(): void {
    const wasOpen = this.#isOpen;
    const isLeaving = this.#leaving.signal.aborted;
    this.#connection = undefined;
    this.#isOpen = false;
    this.#rooms.lost(new WireError("CONNECTION_LOST", `to ${this.#options.url}`));
    this.#barriers.lost();
    // Also one that is lost while we come back is only one more to come back from.
    const comesBack = this.#options.reconnects && !isLeaving && this.#hasBeenOpen;
    this.#unconfirmed.lost((target) => comesBack && target.startsWith("#"));
    if (wasOpen && !isLeaving) this.#events.add({ type: "lost" });
    if (comesBack && wasOpen) void this.#reopen();
    else if (!comesBack) this.#finish();
  }

  /** Try again and again, each time after a longer wait. */
  async #reopen(): Promise<void> {
    const { signal } = this.#leaving;
    for (let attempt = 0; attempt < this.#options.maxRetries && !signal.aborted; attempt++) {
      await waitToRetry(attempt, this.#options, signal);
      if (signal.aborted) break;
      try {
        await this.#connect();
        await this.#rooms.joinAgain();
        this.#isOpen = true;
        this.#events.add({ type: "back" });
        return;
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        this.#connection?.destroy();
      }
    }
    this.#finish();
  }

  #finish(): void {
    this.#unconfirmed.lost(() => false);
    this.#events.close();
    this.#over.resolve();
  }
}

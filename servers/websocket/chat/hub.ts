import { randomBytes } from "node:crypto";
import type { Bus } from "../../../wire/bus.ts";
import { Clock } from "../../../wire/clock.ts";
import { foldName } from "../../../wire/irc.ts";
import { Journal } from "../../../wire/journal.ts";
import { Census } from "./census.ts";
import { Control } from "./control.ts";
import { happened } from "./deliver.ts";
import { readEvent, type RoomEvent } from "./event.ts";
import { Feed } from "./feed.ts";
import { FormerNicks } from "./former-nicks.ts";
import { type Holder, Leases } from "./leases.ts";
import type { LiveRoom } from "./live-room.ts";
import type { ChatMessage } from "./message.ts";
import type { ResolvedChatOptions } from "./options.ts";
import { Rooms } from "./rooms.ts";
import { missing } from "./presence.ts";
import type { Answering, ChatSession } from "./session.ts";

/** Somebody of this process who has caused an event, and waits for it to happen. */
export interface Cause extends Answering {
  readonly session: ChatSession | undefined;
  readonly settle: (isSeen: boolean) => void;
}

/** What happens, before it is known when and from where. */
export type Happening = Omit<RoomEvent, "atMs" | "process" | "serial">;

/**
 * One process of a chat. What its clients do goes to the bus, and happens when it comes back from there: so it happens
 * in the same order in every process, and what was told to have happened is on the bus.
 *
 *     session ──► append ──► stream of the room ──► feed ──► room ──► sessions of this process
 *                                               └─► feed of other processes …
 */
export class Hub {
  readonly options: ResolvedChatOptions;
  readonly bus: Bus;
  readonly clock = new Clock();
  /** What this process is called on the bus. */
  readonly process = randomBytes(6).toString("hex");
  readonly leases: Leases;
  readonly rooms: Rooms<ChatSession>;
  readonly feed: Feed;
  readonly control: Control;
  readonly messages: Journal<ChatMessage>;
  readonly former = new FormerNicks();
  readonly census = new Census();
  /** By their nicks as they are compared. */
  readonly #byNick = new Map<string, ChatSession>();
  readonly #sessions = new Set<ChatSession>();
  readonly #causes = new Map<number, Cause>();
  readonly #leaving = new Map<ChatSession, Promise<void>>();
  #serial = 0;
  #callOffWatch = (): void => {};

  private constructor(options: ResolvedChatOptions, bus: Bus) {
    const { name, leaseMs, maxMessages } = options;
    this.options = options;
    this.bus = bus;
    this.messages = new Journal(maxMessages);
    this.rooms = new Rooms(bus, name, options);
    this.leases = new Leases(bus, name, {
      process: this.process,
      leaseMs,
      renewed: () => this.#renewed(),
      lost: (nick) => this.#lost(nick),
    });
    this.control = new Control(this);
    this.feed = new Feed(bus, this.control.streamOf(this.process), "0", (arrival) => {
      const live = this.rooms.ofArrival(arrival);
      if (!live) {
        this.control.hear(arrival);
        return;
      }
      const event = readEvent(arrival.message);
      if (!event) return;
      const cause = event.process === this.process ? this.#causes.get(event.serial) : undefined;
      happened(this, live, { id: arrival.id, event, cause });
      cause?.settle(true);
    });
  }

  /** @throws WireError when the bus cannot be reached */
  static async open(options: ResolvedChatOptions, bus: Bus): Promise<Hub> {
    const hub = new Hub(options, bus);
    try {
      await Promise.all([hub.leases.begin(), hub.control.begin()]);
    } catch (error) {
      hub.feed.close();
      throw error;
    }
    hub.#watch();
    return hub;
  }

  get sessions(): readonly ChatSession[] {
    return [...this.#sessions];
  }

  enter(session: ChatSession): void {
    this.#sessions.add(session);
    this.census.connections++;
  }

  /** Whoever of this process has the nick. */
  byNick(nick: string): ChatSession | undefined {
    return this.#byNick.get(foldName(nick));
  }

  /** Take a nick for a session, and give back the one that it had. @returns whether it was free */
  async claim(session: ChatSession, nick: string): Promise<boolean> {
    const { nick: former } = session;
    const key = foldName(nick);
    if (key !== foldName(former)) {
      if (!(await this.leases.claim(key, this.#holderFor(session, nick)))) return false;
      if (session.isOver) {
        await this.leases.release(key);
        return false;
      }
      if (former !== "") await this.giveUp(session);
    }
    this.#byNick.set(key, session);
    session.nick = nick;
    return true;
  }

  /** Give back the nick of a session; as long as it is not, whoever resumes it has to find the session. */
  async giveUp(session: ChatSession): Promise<void> {
    const key = foldName(session.nick);
    await this.leases.release(key);
    if (this.#byNick.get(key) === session) this.#byNick.delete(key);
  }

  /** Take a nick whose holder is gone. @returns whether it is the session's now */
  async takeOver(session: ChatSession, nick: string, gone: Holder): Promise<boolean> {
    const key = foldName(nick);
    if (!(await this.leases.takeOver(key, { gone, holder: this.#holderFor(session, nick) }))) return false;
    this.#byNick.set(key, session);
    session.nick = nick;
    return true;
  }

  /** Let others know what a session says of itself. */
  async describe(session: ChatSession): Promise<void> {
    await this.leases.describe(foldName(session.nick), this.#holderFor(session, session.nick));
  }

  #holderFor(session: ChatSession, nick: string): Holder {
    const { token, isRegistered, user, host, realName, away } = session;
    const about = isRegistered ? { nick, user, host, realName, away } : undefined;
    return { process: this.process, session: session.outlet.connection, token, about };
  }

  /** This process stood still for so long that somebody else has taken a nick. */
  #lost(nick: string): void {
    const session = this.#byNick.get(nick);
    if (!session) return;
    // The name is theirs, and so is what happens under it from now on.
    this.#byNick.delete(nick);
    session.end("Nick taken while this server was not heard of");
  }

  /** Follow a room until it is let go. */
  async hold(name: string): Promise<LiveRoom<ChatSession>> {
    for (;;) {
      const live = await this.rooms.open(name, this.feed);
      // Whoever left it last may have closed it in the meantime.
      if (this.rooms.get(name) !== live) continue;
      live.pending++;
      return live;
    }
  }

  letGo(live: LiveRoom<ChatSession>): void {
    live.pending--;
    this.rooms.closeIdle(live, this.feed);
  }

  /**
   * Let something happen in a room.
   * @returns when it has happened, for all of this process
   * @throws WireError when the bus could not be told
   */
  async happen(
    live: LiveRoom<ChatSession>,
    happening: Happening,
    { session, ...answering }: Answering & { readonly session?: ChatSession } = {},
  ): Promise<void> {
    const serial = ++this.#serial;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const settled = session?.unsettled();
    this.#causes.set(serial, { session, ...answering, settle: resolve });
    live.pending++;
    try {
      await this.rooms.append(live, {
        ...happening,
        atMs: this.clock.now(),
        process: this.process,
        serial,
      });
      await promise;
    } finally {
      this.#causes.delete(serial);
      settled?.();
      this.letGo(live);
    }
  }

  /** A session says no more: everybody is told, then its nick is free. */
  leave(session: ChatSession, reason: string): void {
    this.#sessions.delete(session);
    this.census.left(session);
    if (session.isRegistered) this.former.add(session);
    const leaving = this.#leave(session, reason)
      // The bus is gone: what is held there is free when its time is over.
      .catch(() => {})
      .finally(() => this.#leaving.delete(session));
    this.#leaving.set(session, leaving);
  }

  /** Resolved when nothing more can come of a session that is over. */
  async left(session: ChatSession): Promise<void> {
    await this.#leaving.get(session);
  }

  async #leave(session: ChatSession, reason: string): Promise<void> {
    // What it has said before is on the bus before its QUIT, and a room that it is about to enter is entered.
    await session.settled();
    const lives = [...session.rooms.values()];
    const isNamed = this.byNick(session.nick) === session;
    const quit: Happening = {
      kind: "quit",
      by: session.source,
      text: reason,
      rooms: lives.map(({ key }) => key),
      // Who has lost the nick to somebody elsewhere must not take him along.
      ...(isNamed ? {} : { target: this.process }),
    };
    await Promise.all(lives.map((live) => this.happen(live, quit)));
    for (const live of lives) {
      live.local.delete(session);
      this.rooms.closeIdle(live, this.feed);
    }
    if (isNamed) await this.giveUp(session);
  }

  /** Count those out whose process has been killed. */
  async countOutMissing(lives: readonly LiveRoom<ChatSession>[]): Promise<void> {
    const found = await missing(
      lives.map(({ key, room }) => ({ key, room })),
      (process) => this.leases.isAlive(process),
    );
    await Promise.all(
      found.flatMap((happening) =>
        (happening.rooms ?? []).map(async (key) => {
          const live = this.rooms.get(key);
          if (live) await this.happen(live, happening);
        }),
      ),
    );
  }

  async #renewed(): Promise<void> {
    await Promise.all([this.rooms.keep(), this.control.keep(), this.countOutMissing(this.rooms.opened)]);
  }

  /** Look after those who say nothing. */
  #watch(): void {
    const { pingMs, registrationTimeoutMs } = this.options;
    this.#callOffWatch = this.clock.after(Math.min(pingMs, registrationTimeoutMs) / 4, () => {
      const nowMs = this.clock.now();
      for (const session of this.#sessions) session.check(nowMs);
      this.#watch();
    });
  }

  /** Everybody is gone; give back what is held. */
  async close(): Promise<void> {
    this.#callOffWatch();
    for (const session of this.#sessions) session.gone("The server closes");
    await Promise.all(this.#leaving.values());
    this.feed.close();
    this.messages.close();
    await Promise.allSettled([this.leases.close(), this.control.close()]);
  }
}

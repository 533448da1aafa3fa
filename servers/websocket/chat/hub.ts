import { randomBytes } from "node:crypto";
import type { Bus } from "../../../wire/bus.ts";
import { Clock } from "../../../wire/clock.ts";
import { foldName } from "../../../wire/irc.ts";
import { Journal } from "../../../wire/journal.ts";
import { Control } from "./control.ts";
import { happened } from "./deliver.ts";
import { readEvent, type RoomEvent } from "./event.ts";
import { Feed } from "./feed.ts";
import { Leases } from "./leases.ts";
import type { LiveRoom } from "./live-room.ts";
import type { ChatMessage } from "./message.ts";
import type { ResolvedChatOptions } from "./options.ts";
import { Rooms } from "./rooms.ts";
import { missing } from "./presence.ts";
import type { ChatSession } from "./session.ts";

/** Somebody of this process who has caused an event, and waits for it to happen. */
export interface Cause {
  readonly session: ChatSession | undefined;
  /** The label that the event answers. */
  readonly label: string | undefined;
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
  /** By their nicks as they are compared. */
  readonly #byNick = new Map<string, ChatSession>();
  readonly #sessions = new Set<ChatSession>();
  readonly #causes = new Map<number, Cause>();
  readonly #leaving = new Map<ChatSession, Promise<void>>();
  #serial = 0;
  #callOffWatch = (): void => {};

  private constructor(options: ResolvedChatOptions, bus: Bus) {
    const { name, leaseMs, maxHistory, maxMessages } = options;
    this.options = options;
    this.bus = bus;
    this.messages = new Journal(maxMessages);
    this.rooms = new Rooms(bus, name, maxHistory);
    this.leases = new Leases(bus, name, {
      process: this.process,
      leaseMs,
      renewed: () => this.countOutMissing(this.rooms.opened),
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
      await hub.leases.begin();
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
  }

  /** Whoever of this process has the nick. */
  byNick(nick: string): ChatSession | undefined {
    return this.#byNick.get(foldName(nick));
  }

  /** Take a nick for a session, and give back the one that it had. @returns whether it was free */
  async claim(session: ChatSession, nick: string): Promise<boolean> {
    const { nick: former, token } = session;
    const key = foldName(nick);
    if (key !== foldName(former)) {
      const holder = { process: this.process, session: session.outlet.connection, token };
      if (!(await this.leases.claim(key, holder))) return false;
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

  /** Give back the nick of a session. */
  async giveUp({ nick }: ChatSession): Promise<void> {
    this.#byNick.delete(foldName(nick));
    await this.leases.release(foldName(nick));
  }

  /** Take a nick whose holder is gone. */
  async takeOver(session: ChatSession, nick: string): Promise<void> {
    const key = foldName(nick);
    await this.leases.takeOver(key, {
      process: this.process,
      session: session.outlet.connection,
      token: session.token,
    });
    this.#byNick.set(key, session);
    session.nick = nick;
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
    { session, label }: { readonly session?: ChatSession; readonly label?: string | undefined } = {},
  ): Promise<void> {
    const serial = ++this.#serial;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const settled = session?.unsettled();
    this.#causes.set(serial, { session, label, settle: resolve });
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
    const quit: Happening = {
      kind: "quit",
      by: session.source,
      text: reason,
      rooms: lives.map(({ key }) => key),
    };
    await Promise.all(lives.map((live) => this.happen(live, quit)));
    if (session.nick !== "" && this.byNick(session.nick) === session) await this.giveUp(session);
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
    await this.leases.close().catch(() => {});
  }
}

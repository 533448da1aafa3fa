import type { Bus, BusArrival } from "../../../wire/bus.ts";
import { foldName } from "../../../wire/irc.ts";
import { readEvent, type RoomEvent } from "./event.ts";
import type { Feed } from "./feed.ts";
import { type Listener, LiveRoom } from "./live-room.ts";
import type { ResolvedChatOptions } from "./options.ts";
import { Room } from "./room.ts";

/** Entries that are read at once when a room is caught up with. */
const pageEntries = 1_000;
/** Rooms that LIST looks at. */
const maxListed = 1_000;

/** How much of a room is kept on the bus, and how long. */
export type RoomLimits = Pick<ResolvedChatOptions, "maxHistory" | "emptyRoomMs">;

/**
 * The rooms of a chat, kept on the bus: for each a stream of what happened in it, and now and then the room as that
 * has made it, so that whoever opens it need not begin at the beginning. Both are there for a time, which begins anew
 * as long as somebody is in the room: of a room that nobody comes back to, nothing is left, whatever became of those
 * who were in it last.
 */
export class Rooms<Local extends Listener> {
  readonly #bus: Bus;
  readonly #prefix: string;
  readonly #limits: RoomLimits;
  readonly #live = new Map<string, Promise<LiveRoom<Local>>>();
  readonly #opened = new Map<string, LiveRoom<Local>>();

  constructor(bus: Bus, prefix: string, limits: RoomLimits) {
    this.#bus = bus;
    this.#prefix = prefix;
    this.#limits = limits;
  }

  /** Rooms that this process follows. */
  get opened(): LiveRoom<Local>[] {
    return [...this.#opened.values()];
  }

  /** A room that is followed already. */
  get(name: string): LiveRoom<Local> | undefined {
    return this.#opened.get(foldName(name));
  }

  /** Follow a room; it is as it is on the bus when this resolves. */
  async open(name: string, feed: Feed): Promise<LiveRoom<Local>> {
    const key = foldName(name);
    const known = this.#live.get(key);
    if (known) return await known;
    const opening = this.#open(key, name, feed);
    this.#live.set(key, opening);
    try {
      return await opening;
    } catch (error) {
      this.#live.delete(key);
      throw error;
    }
  }

  async #open(key: string, name: string, feed: Feed): Promise<LiveRoom<Local>> {
    const room = await this.look(name);
    const live = new LiveRoom<Local>(key, room);
    this.#opened.set(key, live);
    feed.follow(this.streamOf(key), room.lastId);
    return live;
  }

  /** Follow it no longer, if nobody of this process needs it. */
  closeIdle(live: LiveRoom<Local>, feed: Feed): void {
    // It may have been closed before, and opened again as another one.
    if (!live.isIdle || this.#opened.get(live.key) !== live) return;
    this.#live.delete(live.key);
    this.#opened.delete(live.key);
    feed.leave(this.streamOf(live.key));
    void this.#keep(live.key);
  }

  /** Let the time of the rooms that are followed begin anew. */
  async keep(): Promise<void> {
    const nowMs = performance.now();
    const due = this.opened.filter(({ keptMs }) => nowMs - keptMs > this.#limits.emptyRoomMs / 4);
    for (const live of due) live.keptMs = nowMs;
    await Promise.all(due.map(({ key }) => this.#keep(key)));
  }

  async #keep(key: string): Promise<void> {
    const { emptyRoomMs } = this.#limits;
    if (emptyRoomMs === Infinity) return;
    // Not done is not lost: it is done again long before the time is over.
    await Promise.allSettled([
      this.#bus.expire(this.streamOf(key), emptyRoomMs),
      this.#bus.expire(this.#snapshotKey(key), this.#snapshotMs),
      this.#bus.expire(this.#listed, this.#snapshotMs),
    ]);
  }

  /** A stream without the room that it began with would tell too little; so that is kept for longer. */
  get #snapshotMs(): number {
    return 2 * this.#limits.emptyRoomMs;
  }

  /** A room as it is on the bus now. */
  async look(name: string): Promise<Room> {
    const key = foldName(name);
    const written = await this.#bus.get(this.#snapshotKey(key));
    const room = written === undefined ? new Room(name) : Room.from(written);
    for (;;) {
      const entries = await this.#bus.range(this.streamOf(key), { after: room.lastId, count: pageEntries });
      for (const { id, message } of entries) {
        const event = readEvent(message);
        if (event) room.take(id, event);
      }
      if (entries.length < pageEntries) return room;
    }
  }

  /** Add to what happened. @throws WireError when the bus is gone */
  async append(live: LiveRoom<Local>, event: RoomEvent): Promise<string> {
    const { maxHistory: maxEntries } = this.#limits;
    if (event.kind === "join" && live.room.members.size === 0)
      await this.#bus.append(this.#listed, live.key, { maxEntries: maxListed });
    const id = await this.#bus.append(this.streamOf(live.key), JSON.stringify(event), { maxEntries });
    if (event.kind === "join") void this.#keep(live.key);
    return id;
  }

  /** The room that an arrival is about. */
  ofArrival({ stream }: BusArrival): LiveRoom<Local> | undefined {
    const start = `${this.#prefix}:room:`;
    return stream.startsWith(start) ? this.#opened.get(stream.slice(start.length)) : undefined;
  }

  /** Write a room down, once for all that happens in this turn of the event loop. */
  save(live: LiveRoom<Local>): void {
    if (live.isChanged) return;
    live.isChanged = true;
    setImmediate(() => {
      live.isChanged = false;
      // Not written is not lost: whoever opens it has more to catch up with.
      const { emptyRoomMs } = this.#limits;
      const options = emptyRoomMs === Infinity ? {} : { ttlMs: this.#snapshotMs };
      this.#bus.set(this.#snapshotKey(live.key), live.room.snapshot(), options).catch(() => {});
    });
  }

  /** Every room that somebody is in. */
  async list(): Promise<Room[]> {
    const entries = await this.#bus.range(this.#listed);
    const keys = [...new Set(entries.map(({ message }) => message))];
    const rooms = await Promise.all(keys.map(async (key) => this.get(key)?.room ?? (await this.look(key))));
    return rooms.filter(({ members }) => members.size > 0);
  }

  streamOf(key: string): string {
    return `${this.#prefix}:room:${key}`;
  }

  /** The rooms that there were, as they came to be. */
  get #listed(): string {
    return `${this.#prefix}:rooms`;
  }

  #snapshotKey(key: string): string {
    return `${this.#prefix}:state:${key}`;
  }
}

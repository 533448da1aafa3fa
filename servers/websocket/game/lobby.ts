import type { JoinMessage, RoomListing } from "../../../wire/pong/messages.ts";
import { Room, type RoomHouse, type RoomMember } from "./room.ts";
import type { Seat } from "./seat.ts";

/** Where somebody has come to. */
export interface Place {
  readonly room: Room;
  /** Nothing for a spectator. */
  readonly seat: Seat | undefined;
}

/** How often those in the lobby are told of its rooms at most, in ticks. */
const listEveryTicks = 6;

/**
 * The rooms of a server, and who is in none. A room comes to be when somebody joins it, and is gone with the last one.
 */
export class Lobby {
  readonly rooms = new Map<string, Room>();
  readonly #house: RoomHouse;
  readonly #maxRooms: number;
  readonly #seed: number;
  /** Those in no room: each is told when the list of rooms changes. */
  readonly #idle = new Set<(rooms: readonly RoomListing[]) => void>();
  #opened = 0;
  #ticks = 0;
  #hasNews = false;

  constructor(house: RoomHouse, { maxRooms, seed }: { readonly maxRooms: number; readonly seed: number }) {
    this.#maxRooms = maxRooms;
    this.#seed = seed;
    this.#house = {
      ...house,
      tell: (event) => {
        this.#hasNews = true;
        house.tell(event);
      },
    };
  }

  get listings(): RoomListing[] {
    return [...this.rooms.values()].map((room) => room.listing);
  }

  /** Stand in the lobby, and hear of its rooms; the result leaves it. */
  enter(hear: (rooms: readonly RoomListing[]) => void): () => void {
    this.#idle.add(hear);
    hear(this.listings);
    return () => this.#idle.delete(hear);
  }

  /** Come into a room. @returns a sentence when that cannot be */
  join(member: RoomMember, { room: name, name: called, as = "player", token }: JoinMessage): Place | string {
    if (token !== undefined) return this.#resume(member, token);
    const room = name === undefined ? this.#anyRoom(as) : (this.rooms.get(name) ?? this.#open(as, name));
    if (room === undefined) {
      if (as === "spectator") return "there is no such game to watch";
      return `there are ${this.#maxRooms} rooms, and no more are opened`;
    }
    if (as === "spectator") {
      return room.watch(member, called ?? "Spectator")
        ? { room, seat: undefined }
        : "too many are watching already";
    }
    const side = room.freeSide;
    if (side === undefined) return "both seats are taken; you can watch";
    return { room, seat: room.sit(member, side, called ?? `Player ${side + 1}`) };
  }

  /** Somebody goes out of a room: on purpose, or because the connection is gone. */
  leave(member: RoomMember, { room }: Place, isLost: boolean): void {
    if (isLost) room.lose(member);
    else room.leave(member);
    this.#hasNews = true;
    this.#close(room);
  }

  /** One tick for all rooms. */
  step(): void {
    for (const room of this.rooms.values()) {
      room.step();
      this.#close(room);
    }
    this.#ticks += 1;
    if (!this.#hasNews || this.#ticks % listEveryTicks !== 0) return;
    this.#hasNews = false;
    if (this.#idle.size === 0) return;
    const { listings } = this;
    for (const hear of this.#idle) hear(listings);
  }

  #resume(member: RoomMember, token: string): Place | string {
    for (const room of this.rooms.values()) {
      const seat = room.seats.find((one) => one?.token === token);
      if (!seat) continue;
      room.resume(member, seat);
      return { room, seat };
    }
    return "no seat has this token any more";
  }

  #anyRoom(as: "player" | "spectator"): Room | undefined {
    const rooms = [...this.rooms.values()];
    if (as === "spectator") return rooms.find(({ state }) => state.phase !== "waiting") ?? rooms[0];
    const waiting = rooms.find(({ state, freeSide }) => state.phase === "waiting" && freeSide !== undefined);
    if (waiting) return waiting;
    let number = this.rooms.size + 1;
    while (this.rooms.has(`Table ${number}`)) number += 1;
    return this.#open(as, `Table ${number}`);
  }

  #open(as: "player" | "spectator", name: string): Room | undefined {
    if (as === "spectator" || this.rooms.size >= this.#maxRooms) return undefined;
    this.#opened += 1;
    const room = new Room(name, this.#seed + this.#opened - 1, this.#house);
    this.rooms.set(name, room);
    this.#house.tell({ type: "opened", room: name });
    return room;
  }

  #close(room: Room): void {
    if (!room.isEmpty) return;
    this.rooms.delete(room.name);
    this.#house.tell({ type: "closed", room: room.name });
  }
}

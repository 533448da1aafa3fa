import { WireError } from "../../../wire/errors.ts";
import { foldName } from "../../../wire/irc.ts";
import type { Batch } from "./batches.ts";
import type { ChatEvent } from "./events.ts";
import { saidOf } from "./happenings.ts";
import type { ResolvedChatClientOptions } from "./options.ts";
import { JoinedRoom } from "./room.ts";
import { ownTag, type UnconfirmedMessages } from "./unconfirmed.ts";

/** What rooms need of the client that is in them. */
export interface RoomsOwner {
  nick(): string;
  send(line: string): void;
  has(capability: string): boolean;
  tell(event: ChatEvent): void;
}

/** Messages that are asked for at once when a room is caught up with. */
const pageMessages = 200;

/** The rooms that a client is in, and how it gets into them: also again, with what it has missed. */
export class JoinedRooms {
  readonly all = new Map<string, JoinedRoom>();
  readonly #options: ResolvedChatClientOptions;
  readonly #owner: RoomsOwner;
  readonly #unconfirmed: UnconfirmedMessages;
  /** Who waits until a room is caught up with, or refused. */
  readonly #joining = new Map<string, PromiseWithResolvers<void>>();

  constructor(options: ResolvedChatClientOptions, owner: RoomsOwner, unconfirmed: UnconfirmedMessages) {
    this.#options = options;
    this.#owner = owner;
    this.#unconfirmed = unconfirmed;
  }

  get(name: string): JoinedRoom | undefined {
    return this.all.get(foldName(name));
  }

  /** @throws WireError REPLY_UNEXPECTED when we may not, CONNECTION_LOST */
  async join(name: string): Promise<JoinedRoom> {
    const known = this.get(name);
    if (known) return known;
    const key = foldName(name);
    const room = new JoinedRoom(name);
    this.all.set(key, room);
    try {
      await this.#enter(key, room);
    } catch (error) {
      this.all.delete(key);
      throw error;
    }
    return room;
  }

  /** Go into all of them again. @throws WireError */
  async joinAgain(): Promise<void> {
    for (const [key, room] of this.all) await this.#enter(key, room);
  }

  /** The connection is lost: what comes next in each room is not known. */
  lost(error: WireError): void {
    for (const room of this.all.values()) room.hold();
    for (const { reject } of this.#joining.values()) reject(error);
  }

  /** We are in: what did we miss? */
  entered(name: string): void {
    const key = foldName(name);
    const room = this.all.get(key);
    if (!room || !this.#joining.has(key)) return;
    const most = room.lastId === "" ? Math.min(this.#options.history, pageMessages) : pageMessages;
    const hasHistory = this.#owner.has("draft/chathistory") && this.#owner.has("batch");
    if (most === 0 || !hasHistory) this.#caughtUp(key, room);
    else if (room.lastId === "") this.#owner.send(`CHATHISTORY LATEST ${room.name} * ${most}`);
    else this.#owner.send(`CHATHISTORY AFTER ${room.name} msgid=${room.lastId} ${most}`);
  }

  heardHistory({ params: [, name = ""], lines }: Batch): void {
    const key = foldName(name);
    const room = this.all.get(key);
    if (!room) return;
    const isFirst = room.lastId === "";
    for (const message of lines) {
      const said = saidOf(message, this.#owner.nick());
      if (!said) continue;
      if (said.isOwn) this.#unconfirmed.confirm(message.tags.get(ownTag), said.id);
      if (room.takeMissed(said.id)) this.#owner.tell(said);
    }
    // A page that is full is not the last one.
    if (!isFirst && lines.length >= pageMessages) this.entered(key);
    else this.#caughtUp(key, room);
  }

  /** The server does not let us into a room, or has no history of it. */
  refused(name: string, command: string, reason: string): void {
    const key = foldName(name);
    const room = this.all.get(key);
    if (!room) return;
    if (command === "CHATHISTORY") this.#caughtUp(key, room);
    else
      this.#joining
        .get(key)
        ?.reject(new WireError("REPLY_UNEXPECTED", `${this.#options.url} after JOIN ${name}: ${reason}`));
  }

  async #enter(key: string, room: JoinedRoom): Promise<void> {
    const waiting = Promise.withResolvers<void>();
    this.#joining.set(key, waiting);
    room.hold();
    room.members.clear();
    this.#owner.send(`JOIN ${room.name}`);
    try {
      await waiting.promise;
    } finally {
      this.#joining.delete(key);
    }
  }

  #caughtUp(key: string, room: JoinedRoom): void {
    for (const event of room.caughtUp()) this.#owner.tell(event);
    for (const line of this.#unconfirmed.linesTo((target) => foldName(target) === key))
      this.#owner.send(line);
    this.#joining.get(key)?.resolve();
  }
}

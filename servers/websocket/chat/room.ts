import { foldName, nickOf } from "../../../wire/irc.ts";
import { isMessage, type RoomEvent } from "./event.ts";
import { readModes, RoomModes, type WrittenModes } from "./room-modes.ts";

/** Somebody in a room. */
export interface Member {
  readonly nick: string;
  readonly user: string;
  readonly host: string;
  readonly realName: string;
  /** The process that holds the connection. */
  readonly process: string;
  readonly isOperator: boolean;
  /** May speak where only operators and some others may (`+v`). */
  readonly hasVoice: boolean;
  /** Why he is away; nothing when he is here. */
  readonly away?: string | undefined;
}

/** What a room is about. */
export interface Topic {
  readonly text: string;
  readonly by: string;
  readonly atMs: number;
}

/** A room as it is written down, to begin with the events after `lastId`. */
interface Snapshot {
  readonly name: string;
  readonly createdMs: number;
  readonly lastId: string;
  readonly topic?: Topic | undefined;
  readonly modes: WrittenModes;
  readonly invited: readonly string[];
  readonly members: readonly Member[];
}

/**
 * A room as its events have made it. Every process takes the same events in the same order, so every process has the
 * same room; nothing here knows who is connected where.
 */
export class Room {
  /** As whoever came first has spelled it. */
  name: string;
  createdMs = 0;
  /** The last event that was taken. */
  lastId = "0";
  topic: Topic | undefined;
  modes = new RoomModes();
  /** Who may come in whatever the modes say, by their nicks as they are compared. */
  readonly invited = new Set<string>();
  /** By their nicks, as they are compared. */
  readonly members = new Map<string, Member>();

  constructor(name: string) {
    this.name = name;
  }

  /** @param written what `snapshot()` gave */
  static from(written: string): Room {
    const { name, createdMs, lastId, topic, modes, invited, members } = JSON.parse(written) as Snapshot;
    const room = new Room(name);
    Object.assign(room, { createdMs, lastId, topic, modes: RoomModes.from(modes) });
    for (const nick of invited) room.invited.add(nick);
    for (const member of members) room.members.set(foldName(member.nick), member);
    return room;
  }

  snapshot(): string {
    const { name, createdMs, lastId, topic, modes } = this;
    const snapshot: Snapshot = {
      name,
      createdMs,
      lastId,
      topic,
      modes: modes.written,
      invited: [...this.invited],
      members: [...this.members.values()],
    };
    return JSON.stringify(snapshot);
  }

  has(nick: string): boolean {
    return this.members.has(foldName(nick));
  }

  member(nick: string): Member | undefined {
    return this.members.get(foldName(nick));
  }

  isOperator(nick: string): boolean {
    return this.member(nick)?.isOperator ?? false;
  }

  /**
   * Take the next event.
   * @param name of the room, as whoever joins spells it
   * @returns whether others see it: what cannot be (a message of somebody who has left) has not happened
   */
  take(id: string, event: RoomEvent): boolean {
    this.lastId = id;
    const nick = nickOf(event.by);
    const member = this.member(nick);
    if (event.kind === "join") return this.#join(event, member);
    if (!member) return isMessage(event) && !this.modes.has("n");
    switch (event.kind) {
      case "part":
      case "quit":
        // Whoever counts somebody of a dead process out must not take who has come back elsewhere.
        if (event.target !== undefined && event.target !== member.process) return false;
        return this.#leave(nick);
      case "kick":
        return this.#leave(event.target ?? "");
      case "nick":
        return this.#rename(member, event.target ?? nick);
      case "topic":
        this.topic =
          event.text === undefined || event.text === ""
            ? undefined
            : { text: event.text, by: event.by, atMs: event.atMs };
        return true;
      case "mode":
        return this.#setModes(event);
      case "invite":
        this.invited.add(foldName(event.target ?? ""));
        return true;
      case "away":
        this.members.set(foldName(nick), { ...member, away: event.text === "" ? undefined : event.text });
        return true;
      case "setname":
        this.members.set(foldName(nick), { ...member, realName: event.text ?? "" });
        return true;
      default:
        return true;
    }
  }

  #join({ by, process, text = "", target, away, atMs }: RoomEvent, known: Member | undefined): boolean {
    const [, nick = by, user = "", host = ""] = /^([^!]*)!([^@]*)@(.*)$/.exec(by) ?? [];
    if (this.members.size === 0) {
      this.name = target ?? this.name;
      this.createdMs = atMs;
      this.topic = undefined;
      this.modes = new RoomModes();
      this.invited.clear();
    }
    const isOperator = known?.isOperator ?? this.members.size === 0;
    const { hasVoice = false } = known ?? {};
    this.invited.delete(foldName(nick));
    const member = { nick, user, host, realName: text, process, isOperator, hasVoice, away };
    this.members.set(foldName(nick), member);
    // Somebody whose process is gone, and who came back by another: nobody has seen him leave.
    return known === undefined;
  }

  #leave(nick: string): boolean {
    return this.members.delete(foldName(nick));
  }

  #rename(member: Member, nick: string): boolean {
    this.members.delete(foldName(member.nick));
    this.members.set(foldName(nick), { ...member, nick });
    return true;
  }

  /** @returns whether any of the changes is one */
  #setModes({ target = "", by, atMs }: RoomEvent): boolean {
    const changed = readModes(target.split(" ")).changes.map((change) => {
      const { letter, param = "", isOn } = change;
      if (letter !== "o" && letter !== "v") return this.modes.change(change, by, atMs);
      const member = this.member(param);
      const status = letter === "o" ? "isOperator" : "hasVoice";
      if (!member || member[status] === isOn) return false;
      this.members.set(foldName(param), { ...member, [status]: isOn });
      return true;
    });
    return changed.includes(true);
  }
}

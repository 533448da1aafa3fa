import { foldName, nickOf } from "../../../wire/irc.ts";
import type { RoomEvent } from "./event.ts";

/** Somebody in a room. */
export interface Member {
  readonly nick: string;
  readonly user: string;
  readonly host: string;
  readonly realName: string;
  /** The process that holds the connection. */
  readonly process: string;
  readonly isOperator: boolean;
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
  readonly isTopicLocked: boolean;
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
  /** Only operators may change the topic (`+t`). */
  isTopicLocked = true;
  /** By their nicks, as they are compared. */
  readonly members = new Map<string, Member>();

  constructor(name: string) {
    this.name = name;
  }

  /** @param written what `snapshot()` gave */
  static from(written: string): Room {
    const { name, createdMs, lastId, topic, isTopicLocked, members } = JSON.parse(written) as Snapshot;
    const room = new Room(name);
    Object.assign(room, { createdMs, lastId, topic, isTopicLocked });
    for (const member of members) room.members.set(foldName(member.nick), member);
    return room;
  }

  snapshot(): string {
    const { name, createdMs, lastId, topic, isTopicLocked } = this;
    const snapshot: Snapshot = {
      name,
      createdMs,
      lastId,
      topic,
      isTopicLocked,
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
    if (!member) return false;
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
        return this.#setMode(event.target ?? "");
      default:
        return true;
    }
  }

  #join({ by, process, text = "", target, atMs }: RoomEvent, known: Member | undefined): boolean {
    const [, nick = by, user = "", host = ""] = /^([^!]*)!([^@]*)@(.*)$/.exec(by) ?? [];
    if (this.members.size === 0) {
      this.name = target ?? this.name;
      this.createdMs = atMs;
      this.topic = undefined;
      this.isTopicLocked = true;
    }
    const isOperator = known?.isOperator ?? this.members.size === 0;
    this.members.set(foldName(nick), { nick, user, host, realName: text, process, isOperator });
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

  /** `+o nick`, `-o nick`, `+t`, `-t` */
  #setMode(change: string): boolean {
    const [mode = "", nick = ""] = change.split(" ");
    const isOn = mode.startsWith("+");
    if (mode.endsWith("t")) {
      const isChange = this.isTopicLocked !== isOn;
      this.isTopicLocked = isOn;
      return isChange;
    }
    const member = this.member(nick);
    if (!member || member.isOperator === isOn) return false;
    this.members.set(foldName(nick), { ...member, isOperator: isOn });
    return true;
  }
}

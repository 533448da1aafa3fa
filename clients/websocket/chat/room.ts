import { foldName } from "../../../wire/irc.ts";
import { isLaterId } from "../../../wire/stream-id.ts";
import type { ChatEvent } from "./events.ts";

/** A room that we are in, as somebody asks for it. */
export interface ChatRoomView {
  readonly name: string;
  readonly topic: string;
  /** The nicks of those who are in it. */
  readonly members: ReadonlySet<string>;
}

/** An event, with the id that it has in its room. */
interface Held {
  readonly id: string;
  readonly event: ChatEvent;
}

/** A room that we are in, or want to be in again. */
export class JoinedRoom implements ChatRoomView {
  name: string;
  topic = "";
  readonly members = new Set<string>();
  /** The last entry of the room that was told: what comes next comes after it. */
  lastId = "";
  /** What came live while what was missed is not there yet. */
  #held: Held[] | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** Whether it is not known yet what was missed. */
  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  /** What comes from now on waits until `caughtUp`. */
  hold(): void {
    this.#held = [];
  }

  /**
   * Take an event, in the order of the room, each once.
   * @param id nothing where the server gives none
   * @returns whether to tell it now
   */
  take(id: string, event: ChatEvent): boolean {
    if (this.#held) {
      this.#held.push({ id, event });
      return false;
    }
    return this.#isNew(id);
  }

  /** Take an event of history. @returns whether to tell it */
  takeMissed(id: string): boolean {
    return this.#isNew(id);
  }

  /** All that was missed is there. @returns what came live in the meantime and is not told yet */
  caughtUp(): ChatEvent[] {
    const held = this.#held ?? [];
    this.#held = undefined;
    return held.filter(({ id }) => this.#isNew(id)).map(({ event }) => event);
  }

  rename(former: string, nick: string): boolean {
    if (!this.leave(former)) return false;
    this.members.add(nick);
    return true;
  }

  leave(nick: string): boolean {
    const key = foldName(nick);
    for (const member of this.members) if (foldName(member) === key) return this.members.delete(member);
    return false;
  }

  #isNew(id: string): boolean {
    if (id === "" || this.lastId === "") {
      this.lastId = id === "" ? this.lastId : id;
      return true;
    }
    if (!isLaterId(id, this.lastId)) return false;
    this.lastId = id;
    return true;
  }
}

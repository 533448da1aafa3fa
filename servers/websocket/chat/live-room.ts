import type { Room } from "./room.ts";

/** Somebody of this process in a room, as far as rooms know. */
export interface Listener {
  readonly nick: string;
}

/** A room that this process follows, and who of its own is in it. */
export class LiveRoom<Local extends Listener> {
  /** Its name as it is compared. */
  readonly key: string;
  readonly room: Room;
  readonly local = new Set<Local>();
  /** What was appended and has not come back yet. */
  pending = 0;
  /** Its members have changed since it was written down. */
  isChanged = false;
  /** When its time on the bus began anew, by `performance.now()`. */
  keptMs = performance.now();

  constructor(key: string, room: Room) {
    this.key = key;
    this.room = room;
  }

  /** Whether nobody of this process needs it. */
  get isIdle(): boolean {
    return this.local.size === 0 && this.pending === 0;
  }
}

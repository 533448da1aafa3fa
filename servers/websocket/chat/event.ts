/** What can happen in a room. Entries of a room's stream are these, as JSON. */
export type RoomEventKind =
  | "join"
  | "part"
  | "quit"
  | "kick"
  | "nick"
  | "topic"
  | "mode"
  | "invite"
  | "away"
  | "setname"
  | "PRIVMSG"
  | "NOTICE"
  | "TAGMSG";

/** Something that happened in a room: by whom, and what. */
export interface RoomEvent {
  readonly kind: RoomEventKind;
  /** `nick!user@host`, as it was then. */
  readonly by: string;
  /** In milliseconds since the epoch, by the clock of the chat. */
  readonly atMs: number;
  /** Which process it came from, and the how manieth that was: with it, whoever caused it is told. */
  readonly process: string;
  readonly serial: number;
  /** What was said; a topic, a reason; the real name of somebody who joins; why somebody is away, or nothing. */
  readonly text?: string;
  /** The new nick, who is kicked or invited, `+o nick`. */
  readonly target?: string;
  /** Why somebody who joins is away. */
  readonly away?: string | undefined;
  /** For what happens in several rooms at once: their names as they are compared. */
  readonly rooms?: readonly string[];
  /** Client-only tags of a message. */
  readonly tags?: readonly (readonly [string, string])[];
}

/** Whether it is something that people said, which history keeps. */
export function isSpoken({ kind }: Pick<RoomEvent, "kind">): boolean {
  return kind === "PRIVMSG" || kind === "NOTICE";
}

/** Whether it is what people said, or tags without words. */
export function isMessage(event: Pick<RoomEvent, "kind">): boolean {
  return isSpoken(event) || event.kind === "TAGMSG";
}

/** Read an entry; nothing when somebody else wrote it. */
export function readEvent(message: string): RoomEvent | undefined {
  try {
    const event = JSON.parse(message) as Partial<RoomEvent> | null;
    return typeof event?.kind === "string" && typeof event.by === "string" ? (event as RoomEvent) : undefined;
  } catch {
    return undefined;
  }
}

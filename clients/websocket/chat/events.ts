/** Something that was said. */
export interface ChatSaid {
  readonly type: "message" | "notice";
  /** The room, or the nick that it was for. */
  readonly room: string;
  readonly nick: string;
  readonly text: string;
  /** Its id in the room; ids of one room grow. Empty where the server gives none. */
  readonly id: string;
  /** In milliseconds since the epoch, as the server says; when it came, where the server says nothing. */
  readonly atMs: number;
  /** Whether we have said it. */
  readonly isOwn: boolean;
}

/** Something that happened to a room, or to us. */
export type ChatChange =
  | {
      readonly type: "join" | "part" | "quit";
      readonly room: string;
      readonly nick: string;
      readonly text: string;
    }
  | {
      readonly type: "kick";
      readonly room: string;
      readonly nick: string;
      readonly by: string;
      readonly text: string;
    }
  | { readonly type: "nick"; readonly nick: string; readonly former: string }
  | { readonly type: "topic"; readonly room: string; readonly nick: string; readonly text: string }
  /** The connection was lost, or is there again, with all rooms. */
  | { readonly type: "lost" | "back" };

/** What somebody in a chat hears. */
export type ChatEvent = ChatSaid | ChatChange;

/** Whether an event is something that was said. */
export function isSaid(event: ChatEvent): event is ChatSaid {
  return event.type === "message" || event.type === "notice";
}

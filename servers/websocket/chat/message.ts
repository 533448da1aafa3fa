/** Something that was said, as tests see it. */
export interface ChatMessage {
  /** Its id in the room; ids of one room grow. */
  readonly id: string;
  /** The room, or the nick that it was for. */
  readonly room: string;
  readonly nick: string;
  readonly text: string;
  readonly kind: "PRIVMSG" | "NOTICE";
  /** In milliseconds since the epoch, by the clock of the chat. */
  readonly atMs: number;
}

/** Which messages are meant. */
export interface ChatMessageFilter {
  /** The room, or the nick that it was for. */
  readonly room?: string;
  readonly nick?: string;
  /** The text, or a pattern of it. */
  readonly text?: string | RegExp;
}

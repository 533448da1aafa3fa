import type { Role } from "./script.ts";

/** One message of a conversation, as a dialect cut it out of the bytes. */
export interface Message {
  /** Empty, or a kind of the dialect (`binary`, `ping`, `close`); `raw` for bytes that are not a message. */
  readonly kind: string;
  /** What the dialect says, as a byte string: a line without its end, a reply's lines joined by `\n`, a value in words. */
  readonly text: string;
  /** The bytes it was cut from, exactly. */
  readonly raw: string;
  /** Part of a mail body: no rule fires on it. */
  readonly inBody?: boolean;
  /** Carries credentials: a recorder masks what stands after the verb. */
  readonly isSecret?: boolean;
}

/**
 * Both directions of one connection. What was said in one direction can change how the other is cut (after 354 the
 * client's lines are a mail), so whoever speaks also passes its own bytes through `cut`.
 */
export interface Dialogue {
  /**
   * The messages that became complete.
   * @throws {WireError} `MESSAGE_TOO_LARGE` over the bound, `PROTOCOL_VIOLATION` when the bytes cannot be messages
   */
  cut(speaker: Role, bytes: string): Message[];
  /** The bytes of a direction that are not a whole message yet. */
  unfinished(speaker: Role): string;
  /**
   * The bytes that say a text.
   * @throws {TypeError} when the text is not of this dialect
   */
  encode(speaker: Role, kind: string, text: string): string;
}

/** The names of the dialects there are. */
export type DialectName = "line" | "smtp" | "ftp" | "resp" | "message" | "dns" | "raw";

/** A way of cutting bytes into messages and of writing messages as text. Pure, and the same for both roles. */
export interface Dialect {
  readonly name: string;
  /** URL schemes whose conversations are in this dialect. */
  readonly schemes: readonly string[];
  /** Kinds of lines beside `raw`, `hex`, `b64` and `file`. */
  readonly kinds: readonly string[];
  /** Replies have a code and prose; unmarked lines of `S` compare the code and find the holes. */
  readonly hasReplies?: boolean;
  /** Bytes without boundaries: a line is heard when enough bytes have come. */
  readonly isStream?: boolean;
  /** The beginning of a client's line that is compared without case. */
  readonly foldedPrefix?: RegExp;
  /** A new connection; `isGreeted` when it goes on after a TLS upgrade, without another greeting. */
  open(isGreeted?: boolean): Dialogue;
  /** A message as the payloads of script lines, in byte strings. Mostly one; a reply has one for each line. */
  show(message: Message): string[];
  /** A payload without holes in the one spelling `show` uses; the text itself when it has only one spelling. */
  canonical?(speaker: Role, text: string): string;
}

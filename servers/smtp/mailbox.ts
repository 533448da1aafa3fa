import type { TranscriptEntry } from "../../wire/transcript.ts";

/** A recipient as the client named it in `RCPT TO` (RFC 5321 section 4.1.1.3), with its parameters (`NOTIFY`, `ORCPT`). */
export interface Recipient {
  /** The forward-path without its angle brackets, exactly as sent. */
  readonly address: string;
  /** Parameter names in upper case; `true` for one without a value. */
  readonly parameters: EsmtpParameters;
}

export type EsmtpParameters = Readonly<Record<string, string | true>>;

/** Who the mail came from and went to on the wire (RFC 5321 section 2.3.1); the headers may say something else. */
export interface Envelope {
  /** The reverse-path without its angle brackets, exactly as sent; empty for the null sender `<>`. */
  readonly mailFrom: string;
  /** Parameters of `MAIL FROM`: `SIZE`, `BODY`, `RET`, `ENVID`, `SMTPUTF8` … */
  readonly parameters: EsmtpParameters;
  /** Accepted recipients, in order, as sent, repetitions kept. */
  readonly rcptTo: readonly Recipient[];
}

/** The connection that brought a mail. */
export interface SessionRecord {
  /** The n-th connection of the server, from 1; 0 for a mail that came over REST. */
  readonly connection: number;
  /** The name given in EHLO, HELO or LHLO. */
  readonly clientName: string;
  readonly clientAddress: string;
  readonly clientPort: number;
  /** As in the `with` clause of RFC 3848: `SMTP`, `ESMTP`, `ESMTPSA`, `LMTP` …; `HTTP` for a mail that came over REST. */
  readonly protocol: string;
  readonly tls?: { readonly version: string; readonly cipher: string; readonly serverName?: string };
  readonly auth?: { readonly mechanism: string; readonly user: string };
  /** What a strict server would have refused in the conversation, as short sentences. */
  readonly flags: readonly string[];
  /** The conversation: how the session began, and this mail's transaction. */
  readonly transcript: readonly TranscriptEntry[];
}

/** A mail on its way into a mailbox. */
export interface IncomingMail {
  /** Exactly the bytes between DATA and the final dot, unstuffed, or those of the BDAT chunks. */
  readonly raw: Uint8Array;
  readonly envelope: Envelope;
  readonly session: SessionRecord;
  readonly tags?: readonly string[];
}

/** A mail in a mailbox, as kept: nothing here needs the message to be parsed. */
export interface StoredMail extends IncomingMail {
  /** The order of arrival, from 1; never used twice. */
  readonly sequence: number;
  /** Short, unguessable, safe in a URL. */
  readonly id: string;
  /** When it was accepted, in milliseconds since the epoch. */
  readonly receivedAtMs: number;
  readonly isRead: boolean;
  readonly tags: readonly string[];
}

/** An address of a header: `{ name: "Ann", address: "ann@example.com" }`. */
export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

/** The line of a mail in a list; what is read of the message is kept at the mail's arrival. */
export interface MailSummary {
  readonly sequence: number;
  readonly id: string;
  readonly receivedAtMs: number;
  readonly isRead: boolean;
  readonly tags: readonly string[];
  /** Bytes of the raw message. */
  readonly size: number;
  /** The user of AUTH; empty without. */
  readonly user: string;
  readonly messageId: string;
  readonly subject: string;
  readonly from: MailAddress | undefined;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  /** Those of a Bcc header, and the envelope's recipients that no header names. */
  readonly bcc: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  readonly attachments: number;
  /** The first 250 characters of the text, white space folded. */
  readonly snippet: string;
}

/** Which mails: all fields must fit. */
export interface MailQuery {
  /** The search language (servers/smtp/search/README.md): words, `from:ann`, `subject:"two words"`, `-is:read` … */
  readonly query?: string;
  /** Only mails of this inbox: sent to its address or by its user. */
  readonly inbox?: InboxIdentity;
  /** Only mails with a greater sequence number. */
  readonly afterSequence?: number;
  /** The time zone of `after:` and `before:`, an IANA name. @default "UTC" */
  readonly timeZone?: string;
}

/** The address and the AUTH user that belong to one inbox. */
export interface InboxIdentity {
  readonly address: string;
  readonly user: string;
}

/** A page of a mailbox, newest first. */
export interface MailPage {
  readonly mails: readonly MailSummary[];
  /** All that fit the query, and the unread ones among them. */
  readonly matches: number;
  readonly unreadMatches: number;
}

export interface MailboxCounts {
  readonly total: number;
  readonly unread: number;
  /** Tag to the number of its mails, in alphabetical order. */
  readonly tags: Readonly<Record<string, number>>;
  /** Bytes of all raw messages. */
  readonly bytes: number;
}

/** A change of a mailbox, in the order in which they happened. */
export type MailboxEvent =
  | { readonly type: "added"; readonly mail: StoredMail }
  | { readonly type: "marked"; readonly ids: readonly string[] }
  | { readonly type: "removed"; readonly ids: readonly string[]; readonly reason: "asked" | "retention" };

export type MailMark =
  | { readonly isRead: boolean }
  | { readonly tags: readonly string[] }
  | { readonly renameTag: string; readonly to: string }
  | { readonly removeTag: string };

/**
 * Where mails are kept. Order is the sequence number, never a clock. The raw bytes are kept exactly, and nothing that
 * a parser thinks of a message can refuse or lose it.
 */
export interface Mailbox {
  /**
   * Keep a mail; resolved when it would survive the death of the process, as far as this mailbox can promise.
   * Its bytes are handed over, not copied: they must not change afterwards.
   */
  add(mail: IncomingMail): StoredMail | Promise<StoredMail>;
  /** The mail with this id or sequence number; `"latest"` is the newest. Undefined when there is none. */
  get(id: string | number): Promise<StoredMail | undefined>;
  /** A page of the mails that fit, newest first. @throws TypeError when the query does not parse */
  search(query?: MailQuery, page?: { readonly start?: number; readonly limit?: number }): Promise<MailPage>;
  /** Whole mails that fit, oldest first. @throws TypeError when the query does not parse */
  list(query?: MailQuery): Promise<StoredMail[]>;
  count(): Promise<MailboxCounts>;
  /** Mark these mails, or all that fit the query; gives the ids that changed. Unknown ids are passed over. */
  mark(which: readonly string[] | MailQuery, mark: MailMark): Promise<string[]>;
  /** Remove these mails, or all that fit the query; gives the ids that are gone. Unknown ids are passed over. */
  remove(which: readonly string[] | MailQuery): Promise<string[]>;
  /**
   * Hear of every change, synchronously and in order; the result stops it. A listener that throws disturbs neither
   * the mailbox nor the other listeners.
   */
  watch(listener: (event: MailboxEvent) => void): () => void;
  close(): Promise<void>;
}

/** A mail, and the server to hand it to. Everything but the recipients may be left out. */
export interface SendMailOptions extends MailServer, OutgoingMail {}

/** The server that mails are handed to. */
export interface MailServer {
  /**
   * `smtp://host:port` (STARTTLS when the server offers it) or `smtps://host:port` (TLS from the first byte); a user
   * and a password may stand before the host, percent-encoded. @default "smtp://127.0.0.1:1025"
   */
  readonly server?: string;
  /** An authority to trust besides the system's, in PEM: the `ca` of a server that a test started. */
  readonly ca?: string;
  /**
   * Refuse a certificate that no trusted authority has signed. @default true, but for a server on this machine (127.0.0.0/8,
   * ::1, localhost) only when `ca` is given
   */
  readonly checkCertificate?: boolean;
  /** Wait no longer for a connection or a reply. @default 30_000 */
  readonly timeoutMs?: number;
}

/** What is sent. Addresses are written as in a header: `ann@example.com`, `Ann <ann@example.com>`, or several in a list. */
export interface OutgoingMail {
  /** @default "portside@example.com" */
  readonly from?: string;
  readonly to?: string | readonly string[];
  readonly cc?: string | readonly string[];
  /** Recipients that no header names. */
  readonly bcc?: string | readonly string[];
  readonly replyTo?: string;
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  readonly attachments?: readonly OutgoingAttachment[];
  /** More header fields, by name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A file that goes with a mail. */
export interface OutgoingAttachment {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** A media type. @default the one that the ending of `name` says */
  readonly type?: string;
}

/** Many mails to one server. */
export interface SendMailsOptions extends SendMailOptions {
  /** How many times the mail is sent; each time with a Message-ID of its own. @default 1 */
  readonly count?: number;
  /** Connections that are kept and used in parallel. @default 1 */
  readonly concurrency?: number;
  /** Heard after every mail, whether it was taken or not. */
  readonly onSettled?: (progress: { readonly sent: number; readonly failed: number }) => void;
  /** Send no more when it aborts; those under way are finished. */
  readonly signal?: AbortSignal;
}

/** What the server said to one mail. */
export interface SentMail {
  /** The Message-ID header, with its angle brackets. */
  readonly messageId: string;
  /** The last reply: `250 2.0.0 …`. */
  readonly reply: string;
  /** Recipients that were accepted, as named in `RCPT TO`. */
  readonly accepted: readonly string[];
  /** Recipients that were not; the others got the mail. */
  readonly refused: readonly RefusedRecipient[];
}

/** A recipient, and the reply that refused it. */
export interface RefusedRecipient {
  readonly address: string;
  readonly reply: string;
}

/** What came of many mails. */
export interface SentMails {
  readonly sent: readonly SentMail[];
  /** One error per mail that nobody got. */
  readonly errors: readonly Error[];
  readonly tookMs: number;
}

export const mailServerDefaults: Required<Omit<MailServer, "ca" | "checkCertificate">> = {
  server: "smtp://127.0.0.1:1025",
  timeoutMs: 30_000,
};

import type { MailAddress } from "./mailbox.ts";

/** A mail as people and tests read it. Making one never throws: what cannot be read is empty. */
export interface Letter {
  readonly subject: string;
  readonly from: MailAddress | undefined;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly bcc: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  /** Without its angle brackets. */
  readonly messageId: string;
  /** The Date header, when it can be read. */
  readonly date: Date | undefined;
  /** The plain text with `\n` line endings, none at its end; made from the HTML when the mail has none. */
  readonly text: string;
  /** The HTML, or empty. */
  readonly html: string;
  /** Every header in order, names as written, values unfolded and decoded (RFC 2047). */
  readonly headers: readonly Header[];
  /** Links of the HTML and the text, in order, each address once. */
  readonly links: readonly Link[];
  /** One-time codes: what a person would type into a form (`493 817`, `AB12-CD34`), best guess first. */
  readonly codes: readonly string[];
  /** Parts with a disposition of attachment, or with a name, or neither text nor HTML. */
  readonly attachments: readonly Attachment[];
  /** Parts that the HTML shows by their Content-ID. */
  readonly inline: readonly Attachment[];
}

export interface Header {
  readonly name: string;
  readonly value: string;
}

export interface Link {
  readonly href: string;
  /** What the link says; the address itself for a bare link of the text. */
  readonly text: string;
}

/** A part of a mail, its bytes exactly as the sender's after undoing base64 or quoted-printable. */
export interface Attachment {
  /** The part's number as in IMAP (RFC 3501 section 6.4.5): `2`, `1.3`. */
  readonly partId: string;
  readonly name: string;
  /** Media type in lower case: `image/png`. */
  readonly type: string;
  /** Content-ID without its angle brackets; empty without. */
  readonly contentId: string;
  /** Bytes of `content`. */
  readonly size: number;
  readonly content: Uint8Array;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

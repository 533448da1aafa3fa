/** The fields of a message that a term can look into; `addressed` is from, to, cc, bcc and reply-to together. */
export type TermField = "from" | "to" | "cc" | "bcc" | "addressed" | "replyTo" | "subject" | "messageId";

/** What one term of the search language asks of a mail. */
export type TermTest =
  /** Words one after the other in the subject, the addresses or the text. */
  | { readonly kind: "words"; readonly words: string }
  /** A part of a field, in lower case. */
  | { readonly kind: "field"; readonly field: TermField; readonly part: string }
  /** A whole tag, in lower case. */
  | { readonly kind: "tag"; readonly tag: string }
  | { readonly kind: "is"; readonly state: "read" | "unread" | "tagged" }
  | { readonly kind: "has"; readonly part: "attachment" | "inline" }
  /** Received at this time or later. */
  | { readonly kind: "after"; readonly atMs: number }
  | { readonly kind: "before"; readonly atMs: number }
  /** Raw size in bytes, more or less than this. */
  | { readonly kind: "larger"; readonly bytes: number }
  | { readonly kind: "smaller"; readonly bytes: number };

/** One term of a search; a mail is found when every term holds. */
export interface Term {
  /** Written with `-` or `!` before it: mails for which the test does not hold. */
  readonly isNegated: boolean;
  readonly test: TermTest;
}

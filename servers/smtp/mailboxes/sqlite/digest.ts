import type { LetterSummary } from "../../letter/summarize.ts";
import type { IncomingMail, MailAddress } from "../../mailbox.ts";

/** What lists and searches need of a mail and what never changes; kept beside the raw bytes, so that those stay unread. */
export interface Digest extends Omit<LetterSummary, "text" | "from"> {
  readonly from?: MailAddress;
  readonly user: string;
  /** The envelope's recipients in lower case. */
  readonly recipients: readonly string[];
}

/** A digest and the text that goes into the index of words. */
export interface DigestedMail {
  readonly digest: Digest;
  readonly text: string;
}

/**
 * Read what is needed of a mail. What the parser cannot do costs the mail its line in the list, never the mail.
 * @param summarize reads the message
 */
export function digest(mail: IncomingMail, summarize: (raw: Uint8Array) => LetterSummary): DigestedMail {
  let summary = unreadable;
  try {
    summary = summarize(mail.raw);
  } catch {
    // The raw bytes are what was promised with the 250; a parser that throws must not take them away.
  }
  const { subject, from, to, cc, replyTo, messageId, attachments, inline, text, snippet } = summary;
  return {
    digest: {
      subject,
      ...(from && { from }),
      to,
      cc,
      bcc: [...summary.bcc, ...unnamedRecipients(mail, summary)],
      replyTo,
      messageId,
      attachments,
      inline,
      snippet,
      user: mail.session.auth?.user ?? "",
      recipients: mail.envelope.rcptTo.map((recipient) => recipient.address.toLowerCase()),
    },
    text,
  };
}

const unreadable: LetterSummary = {
  subject: "",
  from: undefined,
  to: [],
  cc: [],
  bcc: [],
  replyTo: [],
  messageId: "",
  attachments: 0,
  inline: 0,
  text: "",
  snippet: "",
};

/** Recipients of the envelope that no header names: the blind copies. */
function unnamedRecipients(mail: IncomingMail, summary: LetterSummary): MailAddress[] {
  const named = new Set<string>();
  for (const list of [summary.to, summary.cc, summary.bcc]) {
    for (const { address } of list) named.add(address.toLowerCase());
  }
  const unnamed: MailAddress[] = [];
  for (const { address } of mail.envelope.rcptTo) {
    const key = address.toLowerCase();
    if (named.has(key)) continue;
    named.add(key);
    unnamed.push({ name: "", address });
  }
  return unnamed;
}

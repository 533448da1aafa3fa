import { createHash } from "node:crypto";
import type { Attachment } from "../../smtp/letter.ts";
import { readListUnsubscribe } from "../../smtp/letter/list-unsubscribe.ts";
import { summarize } from "../../smtp/letter/summarize.ts";
import type { MailAddress, MailSummary, StoredMail } from "../../smtp/mailbox.ts";
import { blindCopies, type ReadMail } from "./letters.ts";

/** An address as the REST writes it. */
export interface AddressShape {
  readonly Name: string;
  readonly Address: string;
}

export const addressShape = ({ name, address }: MailAddress): AddressShape => ({
  Name: name,
  Address: address,
});
const nobody: MailAddress = { name: "", address: "" };

/** A mail as a line of a list. */
export const summaryShape = (mail: MailSummary) => ({
  ID: mail.id,
  MessageID: mail.messageId,
  Read: mail.isRead,
  From: addressShape(mail.from ?? nobody),
  To: mail.to.map(addressShape),
  Cc: mail.cc.map(addressShape),
  Bcc: mail.bcc.map(addressShape),
  ReplyTo: mail.replyTo.map(addressShape),
  Subject: mail.subject,
  Created: new Date(mail.receivedAtMs).toISOString(),
  Username: mail.user,
  Tags: [...mail.tags],
  Size: mail.size,
  Attachments: mail.attachments,
  Snippet: mail.snippet,
});

/** A mail in full. */
export const messageShape = ({ mail, letter }: ReadMail) => ({
  ID: mail.id,
  MessageID: letter.messageId,
  From: addressShape(letter.from ?? nobody),
  To: letter.to.map(addressShape),
  Cc: letter.cc.map(addressShape),
  Bcc: blindCopies(mail.envelope, letter).map(addressShape),
  ReplyTo: letter.replyTo.map(addressShape),
  ReturnPath: mail.envelope.mailFrom,
  Subject: letter.subject,
  ListUnsubscribe: unsubscribeShape(mail.raw),
  Date: (letter.date ?? new Date(mail.receivedAtMs)).toISOString(),
  Created: new Date(mail.receivedAtMs).toISOString(),
  Tags: [...mail.tags],
  Username: mail.session.auth?.user ?? "",
  Text: letter.text,
  HTML: letter.html,
  Size: mail.raw.byteLength,
  Inline: letter.inline.map(attachmentShape),
  Attachments: letter.attachments.map(attachmentShape),
});

/** A stored mail as a line of a list, where the mailbox's own summary is not at hand. */
export function summaryOf(mail: StoredMail): MailSummary {
  const summary = summarize(mail.raw);
  return {
    ...mail,
    ...summary,
    bcc: blindCopies(mail.envelope, summary),
    size: mail.raw.byteLength,
    user: mail.session.auth?.user ?? "",
  };
}

function unsubscribeShape(raw: Uint8Array) {
  const { header, links, errors, headerPost } = readListUnsubscribe(raw);
  return { Header: header, Links: links, Errors: errors, HeaderPost: headerPost };
}

const attachmentShape = (part: Attachment) => ({
  PartID: part.partId,
  FileName: part.name,
  ContentType: part.type,
  ContentID: part.contentId,
  Size: part.size,
  Checksums: {
    MD5: createHash("md5").update(part.content).digest("hex"),
    SHA1: createHash("sha1").update(part.content).digest("hex"),
    SHA256: part.sha256,
  },
});

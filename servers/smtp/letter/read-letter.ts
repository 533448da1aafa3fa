import { readAttachment } from "./attachment.ts";
import { htmlText, plainText, sortLeaves, splitInline } from "./body.ts";
import { toBuffer } from "./charset.ts";
import { findCodes } from "./codes.ts";
import { readDate } from "./date.ts";
import { fieldText, fieldValue, findField } from "./header.ts";
import { htmlToText } from "./html-text.ts";
import { findLinks } from "./links.ts";
import { scanStructure } from "./structure.ts";
import { addressesOf, messageIdOf } from "./summarize.ts";
import type { Letter } from "../letter.ts";

/**
 * A message as people and tests read it. Never throws: what cannot be read is empty, and the contents of attachments
 * are the sender's to the byte.
 */
export function readLetter(raw: Uint8Array): Promise<Letter> {
  return Promise.resolve(read(toBuffer(raw)));
}

function read(raw: Buffer): Letter {
  const root = scanStructure(raw);
  const { fields } = root;
  const { texts, files } = sortLeaves(root);
  const html = htmlText(raw, texts);
  const text = plainText(raw, texts).trimEnd();
  const subject = fieldText(raw, findField(fields, "subject"));
  const [inline, attachments] = splitInline(raw, files, () => html);
  return {
    subject,
    from: addressesOf(raw, fields, "from")[0],
    to: addressesOf(raw, fields, "to"),
    cc: addressesOf(raw, fields, "cc"),
    bcc: addressesOf(raw, fields, "bcc"),
    replyTo: addressesOf(raw, fields, "reply-to"),
    messageId: messageIdOf(raw, fields),
    date: readDate(fieldValue(raw, findField(fields, "date"))),
    text,
    html,
    headers: fields.map((field) => ({ name: field.name, value: fieldText(raw, field) })),
    links: findLinks(html, text),
    codes: findCodes(subject, text, html === "" ? "" : htmlToText(html)),
    attachments: attachments.map((part) => readAttachment(raw, part)),
    inline: inline.map((part) => readAttachment(raw, part)),
  };
}

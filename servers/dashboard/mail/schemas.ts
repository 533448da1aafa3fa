import { listOf, object, ref, text, whole, yes, type Schema } from "../route.ts";
import { sendSchema } from "./send.ts";

const time: Schema = { type: "string", format: "date-time" };
const addresses = listOf(ref("Address"));
const who = { From: ref("Address"), To: addresses, Cc: addresses, Bcc: addresses, ReplyTo: addresses };
const count: Schema = { type: "object", additionalProperties: whole };
const trigger = object({
  ErrorCode: { ...whole, minimum: 400, maximum: 599 },
  Probability: { ...whole, minimum: 0, maximum: 100 },
});

/** The shapes that routes name with `ref`. */
export const schemas: Readonly<Record<string, Schema>> = {
  Address: object({ Name: text, Address: text }),
  Mailer: { ...object({ Email: text, Name: text }), required: ["Email"] },
  Attachment: object({
    PartID: text,
    FileName: text,
    ContentType: text,
    ContentID: text,
    Size: whole,
    Checksums: object({ MD5: text, SHA1: text, SHA256: text }),
  }),
  Summary: object({
    ID: text,
    MessageID: text,
    Read: yes,
    ...who,
    Subject: text,
    Created: time,
    Username: text,
    Tags: listOf(text),
    Size: whole,
    Attachments: whole,
    Snippet: text,
  }),
  Messages: object({
    total: whole,
    unread: whole,
    count: whole,
    messages_count: whole,
    messages_unread: whole,
    start: whole,
    tags: listOf(text),
    messages: listOf(ref("Summary")),
  }),
  Message: object({
    ID: text,
    MessageID: text,
    ...who,
    ReturnPath: text,
    Subject: text,
    ListUnsubscribe: object({ Header: text, Links: listOf(text), Errors: text, HeaderPost: text }),
    Date: time,
    Created: time,
    Tags: listOf(text),
    Username: text,
    Text: text,
    HTML: text,
    Size: whole,
    Inline: listOf(ref("Attachment")),
    Attachments: listOf(ref("Attachment")),
  }),
  Send: sendSchema,
  Chaos: object({ Sender: trigger, Recipient: trigger, Authentication: trigger }),
  Info: object({
    Version: text,
    LatestVersion: text,
    Database: text,
    DatabaseSize: whole,
    Messages: whole,
    Unread: whole,
    Tags: count,
    SMTP: text,
    RuntimeStats: count,
  }),
  Entry: object({
    Protocol: { type: "string", enum: ["smtp", "ftp"] },
    Sequence: whole,
    At: time,
    Connection: whole,
    From: { type: "string", enum: ["C", "S", "*"] },
    Text: text,
  }),
  Session: object({
    ID: text,
    Envelope: object({
      MailFrom: text,
      Parameters: { type: "object" },
      RcptTo: listOf(object({ Address: text, Parameters: { type: "object" } })),
      Bcc: listOf(text),
    }),
    Connection: whole,
    ClientName: text,
    ClientAddress: text,
    ClientPort: whole,
    Protocol: text,
    TLS: { oneOf: [object({ Version: text, Cipher: text, ServerName: text }), { type: "null" }] },
    Auth: { oneOf: [object({ Mechanism: text, User: text }), { type: "null" }] },
    Flags: listOf(text),
    Transcript: listOf(ref("Entry")),
  }),
  NearMisses: object({
    Error: text,
    Query: text,
    Inbox: text,
    Matched: listOf(text),
    NearMisses: listOf(
      object({
        ID: text,
        Subject: text,
        From: text,
        To: listOf(text),
        Created: time,
        Unmatched: listOf(text),
      }),
    ),
  }),
};

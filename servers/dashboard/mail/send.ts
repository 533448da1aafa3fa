import type { Context } from "hono";
import type { Envelope } from "../../smtp/mailbox.ts";
import { Refusal } from "../refusal.ts";
import { listOf, object, ref, text, type Route } from "../route.ts";
import type { Services } from "../services.ts";
import { jsonBody, stringField, stringList } from "./body.ts";
import { cleanTags } from "./tags.ts";

/** A mail made from JSON: stored here, sent nowhere. */
export const sendRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/v1/send",
    summary: "Store a mail made from JSON; nothing is sent onward",
    body: ref("Send"),
    answers: {
      200: { description: "The id of the mail", schema: object({ ID: text }) },
      400: { description: "What is wrong with the mail", schema: object({ Error: text }) },
    },
    answer: async (context, services) => {
      try {
        return context.json({ ID: await store(context, services) });
      } catch (error) {
        if (error instanceof Refusal && error.status === 400)
          return context.json({ Error: error.message }, 400);
        throw error;
      }
    },
  },
];

async function store(context: Context, services: Services): Promise<string> {
  const body = await jsonBody(context, services);
  const [from] = addresses({ From: body["From"] === undefined ? [] : [body["From"]] }, "From");
  if (!from) throw new Refusal(400, 'From is missing: {"Email": "ann@example.com", "Name": "Ann"}');
  const to = addresses(body, "To");
  const cc = addresses(body, "Cc");
  const bcc = stringList(body, "Bcc");
  const recipients = [...[...to, ...cc].map((one) => one.address), ...bcc];
  if (recipients.length === 0) throw new Refusal(400, "no recipients: name one in To, Cc or Bcc");
  // Loaded when the first mail is made: it would be a third of the dashboard's start.
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  const composer = new MailComposer({
    from,
    to,
    cc,
    replyTo: addresses(body, "ReplyTo"),
    subject: stringField(body, "Subject"),
    text: stringField(body, "Text"),
    ...(stringField(body, "HTML") ? { html: stringField(body, "HTML") } : {}),
    headers: headersOf(body["Headers"]),
    attachments: attachmentsOf(body["Attachments"]),
    // The body names contents, never files or addresses to read them from.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const envelope: Envelope = {
    mailFrom: from.address,
    parameters: {},
    rcptTo: recipients.map((address) => ({ address, parameters: {} })),
  };
  const mail = await services.settings.mail.mailbox.add({
    raw: await composer.compile().build(),
    envelope,
    session: {
      connection: 0,
      clientName: context.req.header("user-agent") ?? "",
      clientAddress: "",
      clientPort: 0,
      protocol: "HTTP",
      flags: [],
      transcript: [],
    },
    tags: cleanTags(stringList(body, "Tags")),
  });
  return mail.id;
}

function addresses(
  body: Readonly<Record<string, unknown>>,
  field: string,
): { name: string; address: string }[] {
  const list = body[field] ?? [];
  if (!Array.isArray(list)) throw new Refusal(400, `${field} must be a list of {"Email", "Name"}`);
  return list.map((one: unknown) => {
    const { Email, Name } = (one ?? {}) as { Email?: unknown; Name?: unknown };
    if (typeof Email !== "string" || !/^[^\s@<>]+@[^\s@<>]+$/.test(Email)) {
      throw new Refusal(400, `${field} has no valid address: ${JSON.stringify(one)}`);
    }
    return { name: typeof Name === "string" ? Name : "", address: Email };
  });
}

function headersOf(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  const entries = Object.entries(value);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === "string")) {
    throw new Refusal(400, "Headers must be strings by name");
  }
  return Object.fromEntries(entries);
}

function attachmentsOf(value: unknown) {
  const list = value ?? [];
  if (!Array.isArray(list)) throw new Refusal(400, "Attachments must be a list");
  return list.map((one: unknown) => {
    const part = (one ?? {}) as Record<string, unknown>;
    const content = stringField(part, "Content");
    if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(content))
      throw new Refusal(400, "Attachments: Content must be base64");
    const type = stringField(part, "ContentType");
    const contentId = stringField(part, "ContentID");
    return {
      content: Buffer.from(content, "base64"),
      filename: stringField(part, "Filename"),
      ...(type ? { contentType: type } : {}),
      ...(contentId ? { cid: contentId, contentDisposition: "inline" as const } : {}),
    };
  });
}

/** The body of `POST /api/v1/send`. */
export const sendSchema = {
  ...object({
    From: ref("Mailer"),
    To: listOf(ref("Mailer")),
    Cc: listOf(ref("Mailer")),
    Bcc: listOf(text),
    ReplyTo: listOf(ref("Mailer")),
    Subject: text,
    Text: text,
    HTML: text,
    Tags: listOf(text),
    Headers: { type: "object", additionalProperties: text },
    Attachments: listOf({
      ...object({ Content: text, Filename: text, ContentType: text, ContentID: text }),
      required: ["Content", "Filename"],
    }),
  }),
  required: ["From"],
};

import type { Context } from "hono";
import type { MailQuery, StoredMail } from "../../smtp/mailbox.ts";
import { asked, notFound } from "../refusal.ts";
import { text, type Schema } from "../route.ts";
import type { Services } from "../services.ts";

/** The query parameters that say which mails a call is about. */
export const whichMails: Readonly<Record<string, Schema>> = {
  query: {
    ...text,
    description: 'The search language: words, `from:ann`, `subject:"two words"`, `-is:read`',
  },
  tz: { ...text, description: "IANA time zone of `before:` and `after:`", default: "UTC" },
  inbox: { ...text, description: "Only mails of the inbox with this address" },
};

/** The query that the parameters `query`, `tz` and `inbox` ask for. */
export function mailQuery(context: Context, services: Services): MailQuery {
  const query = context.req.query("query")?.trim();
  const timeZone = context.req.query("tz");
  const inbox = context.req.query("inbox");
  return {
    ...(query ? { query } : {}),
    ...(timeZone ? { timeZone } : {}),
    ...(inbox ? { inbox: services.inboxes.identity(inbox) } : {}),
  };
}

/**
 * The mail that a path names: by its id, or `latest`, the newest (of those that `query` and `inbox` ask for).
 * @throws Refusal 404
 */
export async function namedMail(context: Context, services: Services, id: string): Promise<StoredMail> {
  const { mailbox } = services.settings.mail;
  const query = mailQuery(context, services);
  let key = id;
  if (id === "latest" && Object.keys(query).length > 0) {
    const newest = await asked(mailbox.search(query, { limit: 1 }));
    key = newest.mails[0]?.id ?? "";
  }
  const mail = key === "" ? undefined : await mailbox.get(key);
  if (!mail) throw notFound();
  return mail;
}

/** A whole number of the query, or what is said instead of it. */
export function wholeNumber(context: Context, name: string, otherwise: number): number {
  const value = Number(context.req.query(name) ?? Number.NaN);
  return Number.isSafeInteger(value) && value >= 0 ? value : otherwise;
}

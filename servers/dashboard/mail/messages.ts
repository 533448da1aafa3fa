import type { Context } from "hono";
import type { MailQuery } from "../../smtp/mailbox.ts";
import { asked, Refusal } from "../refusal.ts";
import { badRequest, listOf, object, ok, ref, text, whole, yes, type Answer, type Route } from "../route.ts";
import type { Services } from "../services.ts";
import { jsonBody, stringField, stringList } from "./body.ts";
import { summaryShape } from "./shapes.ts";
import { mailQuery, whichMails, wholeNumber } from "./which.ts";

const page = { start: { ...whole, default: 0 }, limit: { ...whole, default: 50 } };
const list: Answer = { description: "A page of mails, newest first", schema: ref("Messages") };
const ids = { IDs: listOf(text) };

/** Lists of mails, and what is done to many at once. */
export const messagesRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/messages",
    summary: "List mails, newest first",
    query: { ...page, inbox: whichMails.inbox ?? text },
    answers: { 200: list },
    answer: (context, services) => {
      const { inbox } = mailQuery(context, services);
      return messagePage(context, services, inbox ? { inbox } : {});
    },
  },
  {
    method: "GET",
    path: "/api/v1/search",
    summary: "Search mails, newest first",
    query: { ...whichMails, ...page },
    answers: { 200: list, 400: badRequest },
    answer: (context, services) => messagePage(context, services, searchQuery(context, services)),
  },
  {
    method: "PUT",
    path: "/api/v1/messages",
    summary: "Mark mails read or unread: those named, those found, or all",
    query: { tz: whichMails.tz ?? text, inbox: whichMails.inbox ?? text },
    body: object({ ...ids, Read: yes, Search: text }),
    answers: { 200: ok, 400: badRequest },
    answer: markMessages,
  },
  {
    method: "DELETE",
    path: "/api/v1/messages",
    summary: "Delete the mails named; without any, all (of the inbox)",
    query: { inbox: whichMails.inbox ?? text },
    body: object(ids),
    answers: { 200: ok, 400: badRequest },
    answer: async (context, services) => {
      const named = stringList(await jsonBody(context, services), "IDs");
      const { inbox } = mailQuery(context, services);
      await services.settings.mail.mailbox.remove(named.length > 0 ? named : inbox ? { inbox } : {});
      return context.text("ok");
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/search",
    summary: "Delete the mails found",
    query: whichMails,
    answers: { 200: ok, 400: badRequest },
    answer: async (context, services) => {
      await asked(services.settings.mail.mailbox.remove(searchQuery(context, services)));
      return context.text("ok");
    },
  },
];

function searchQuery(context: Context, services: Services): MailQuery {
  const query = mailQuery(context, services);
  if (query.query === undefined && query.inbox === undefined) {
    throw new Refusal(400, "Error: no search query: say what to look for in ?query=");
  }
  return query;
}

async function messagePage(context: Context, services: Services, query: MailQuery): Promise<Response> {
  const { mailbox } = services.settings.mail;
  const start = wholeNumber(context, "start", 0);
  const limit = wholeNumber(context, "limit", 50) || 50;
  const [found, counts] = await Promise.all([
    asked(mailbox.search(query, { start, limit })),
    mailbox.count(),
  ]);
  return context.json({
    total: counts.total,
    unread: counts.unread,
    count: found.mails.length,
    messages_count: found.matches,
    messages_unread: found.unreadMatches,
    start,
    tags: Object.keys(counts.tags),
    messages: found.mails.map(summaryShape),
  });
}

async function markMessages(context: Context, services: Services): Promise<Response> {
  const body = await jsonBody(context, services);
  const named = stringList(body, "IDs");
  const search = stringField(body, "Search").trim();
  const isRead = body["Read"] ?? false;
  if (typeof isRead !== "boolean") throw new Refusal(400, "Read must be true or false");
  if (named.length > 0 && search !== "") {
    throw new Refusal(400, "You may specify either IDs or a search query, not both");
  }
  const { timeZone, inbox } = mailQuery(context, services);
  const all: MailQuery = {
    ...(search ? { query: search } : {}),
    ...(timeZone ? { timeZone } : {}),
    ...(inbox ? { inbox } : {}),
  };
  await asked(services.settings.mail.mailbox.mark(named.length > 0 ? named : all, { isRead }));
  return context.text("ok");
}

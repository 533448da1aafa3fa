import type { Context } from "hono";
import type { Mailbox, MailQuery, StoredMail } from "../../smtp/mailbox.ts";
import { Pulse } from "../pulse.ts";
import { asked, Refusal } from "../refusal.ts";
import { badRequest, listOf, object, ref, text, whole, type Route } from "../route.ts";
import type { Services } from "../services.ts";
import { durationMs } from "./duration.ts";
import { readMail } from "./letters.ts";
import { nearMisses } from "./near-misses.ts";
import { messageShape } from "./shapes.ts";
import { mailQuery, whichMails } from "./which.ts";

const longestMs = 600_000;

/** The long poll: an answer as soon as the mails are there. */
export const waitRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/wait",
    summary:
      "Wait for mails: those that fit, in full, as soon as there are enough; mails already there count",
    query: {
      ...whichMails,
      count: { ...whole, default: 1 },
      timeout: { ...text, default: "10s", description: "At most 10m" },
    },
    answers: {
      200: {
        description: "The newest mails that fit, newest first",
        schema: object({ count: whole, messages: listOf(ref("Message")) }),
      },
      400: badRequest,
      408: { description: "Too few in time: what arrived and why it did not fit", schema: ref("NearMisses") },
    },
    answer: waitForMails,
  },
];

async function waitForMails(context: Context, services: Services): Promise<Response> {
  const { mailbox } = services.settings.mail;
  const query = mailQuery(context, services);
  const count = Number(context.req.query("count") ?? 1);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new Refusal(400, "count must be a whole number from 1");
  const timeout = context.req.query("timeout") ?? "10s";
  const timeoutMs = durationMs(timeout, "timeout");
  if (timeoutMs > longestMs) throw new Refusal(400, "timeout may be at most 10m; ask again for longer");

  const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), services.closing, context.req.raw.signal]);
  const found = await arrivals(mailbox, query, count, signal);
  if (services.closing.aborted) throw new Refusal(503, "the server is closing");
  if (found.length < count) {
    return context.json(
      {
        Error: `${found.length} of ${count} mails in ${timeout}`,
        Query: query.query ?? "",
        Inbox: query.inbox?.address ?? "",
        Matched: found.map((mail) => mail.id),
        NearMisses: await nearMisses(mailbox, query),
      },
      408,
    );
  }
  const messages = await Promise.all(found.map(async (mail) => messageShape(await readMail(mail))));
  return context.json({ count: messages.length, messages });
}

/** The newest `count` mails that fit, newest first; what there is of them when the signal aborts before. */
async function arrivals(
  mailbox: Mailbox,
  query: MailQuery,
  count: number,
  signal: AbortSignal,
): Promise<StoredMail[]> {
  const pulse = new Pulse();
  // A change of tags or of the read mark can make a mail fit as well.
  const stop = mailbox.watch((event) => {
    if (event.type !== "removed") pulse.ring();
  });
  try {
    for (;;) {
      const changed = pulse.next(signal);
      const { mails } = await asked(mailbox.search(query, { limit: count }));
      if (mails.length >= count || signal.aborted) {
        const found = await Promise.all(mails.map((mail) => mailbox.get(mail.id)));
        return found.filter((mail) => mail !== undefined);
      }
      await changed;
    }
  } finally {
    stop();
    pulse.ring();
  }
}

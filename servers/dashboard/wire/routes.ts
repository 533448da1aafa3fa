import { eventStream } from "../event-stream.ts";
import { wholeNumber } from "../mail/which.ts";
import { listOf, object, ref, whole, type Route } from "../route.ts";
import { entriesAfter, entryShape } from "./entries.ts";

const query = {
  connection: { ...whole, description: "Only this connection" },
  after: { ...whole, description: "Only what was said after this sequence number" },
};

/** The conversations of the mail server, as kept and as they go on. */
export const wireRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/wire",
    summary: "What was said on the wire, oldest first",
    query,
    answers: { 200: { description: "The messages", schema: object({ Entries: listOf(ref("Entry")) }) } },
    answer: (context, { settings }) => {
      const connection = wholeNumber(context, "connection", 0);
      const after = wholeNumber(context, "after", 0);
      const entries = settings.mail.transcript.list(connection > 0 ? { connection } : {});
      return context.json({ Entries: entries.filter((entry) => entry.sequence > after).map(entryShape) });
    },
  },
  {
    method: "GET",
    path: "/api/v1/wire/stream",
    summary: "What is said on the wire, kept and from now on, as server-sent events; Last-Event-ID resumes",
    query,
    answers: { 200: { description: "One event per message", type: "text/event-stream" } },
    answer: (context, { settings, closing }) => {
      const connection = wholeNumber(context, "connection", 0);
      const after = Number(context.req.header("last-event-id")) || wholeNumber(context, "after", 0);
      return eventStream(context, closing, async function* (signal) {
        for await (const burst of entriesAfter(settings.mail.transcript, after, signal)) {
          for (const entry of burst) {
            if (connection > 0 && entry.connection !== connection) continue;
            yield { id: String(entry.sequence), data: entryShape(entry) };
          }
        }
      });
    },
  },
];

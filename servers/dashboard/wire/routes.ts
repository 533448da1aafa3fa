import type { Context } from "hono";
import { eventStream } from "../event-stream.ts";
import { wholeNumber } from "../mail/which.ts";
import { listOf, object, ref, text, whole, type Route } from "../route.ts";
import {
  entriesAfter,
  entriesSince,
  entryShape,
  parsePlace,
  printPlace,
  protocols,
  transcriptsOf,
  type WireEntry,
} from "./entries.ts";

const query = {
  protocol: { type: "string", enum: protocols, description: "Only of this server" },
  connection: { ...whole, description: "Only this connection" },
  after: {
    ...text,
    description:
      "Only what was said after this: `smtp:12,ftp:40`, or the number of one server; " +
      "`smtp:12@1764000000000` names its time as well, so that a server started anew is told from the one before",
  },
};

/** The conversations of the servers, as kept and as they go on. */
export const wireRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/wire",
    summary: "What was said on the wire, oldest first",
    query,
    answers: { 200: { description: "The messages", schema: object({ Entries: listOf(ref("Entry")) }) } },
    answer: (context, { settings }) => {
      const transcripts = transcriptsOf(settings, context.req.query("protocol"));
      const place = parsePlace(context.req.query("after") ?? "", transcripts);
      const entries = entriesSince(transcripts, place).filter(isAskedFor(context));
      return context.json({ Entries: entries.map(entryShape) });
    },
  },
  {
    method: "GET",
    path: "/api/v1/wire/stream",
    summary: "What is said on the wire, kept and from now on, as server-sent events; Last-Event-ID resumes",
    query,
    answers: { 200: { description: "One event per message", type: "text/event-stream" } },
    answer: (context, { settings, closing }) => {
      const transcripts = transcriptsOf(settings, context.req.query("protocol"));
      const after = context.req.header("last-event-id") ?? context.req.query("after") ?? "";
      const place = parsePlace(after, transcripts);
      return eventStream(context, closing, async function* (signal) {
        const last = new Map(place);
        for await (const burst of entriesAfter(transcripts, place, signal)) {
          for (const one of burst) {
            last.set(one.protocol, one.entry);
            if (isAskedFor(context)(one)) yield { id: printPlace(last), data: entryShape(one) };
          }
        }
      });
    },
  },
];

/** Whether a message is of the connection that was asked for. */
function isAskedFor(context: Context): (one: WireEntry) => boolean {
  const connection = wholeNumber(context, "connection", 0);
  return ({ entry }) => connection === 0 || entry.connection === connection;
}

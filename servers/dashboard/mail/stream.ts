import { eventStream } from "../event-stream.ts";
import { text, type Route } from "../route.ts";
import { parsePlace, printPlace } from "./journal.ts";
import { notices } from "./notices.ts";

/** Changes of the mailbox as they happen. */
export const streamRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/stream",
    query: { after: { ...text, description: "The same as Last-Event-ID, for who cannot send a header" } },
    summary: "Changes of the mailbox as server-sent events; with Last-Event-ID none is lost over a reconnect",
    answers: { 200: { description: "Events {Type, Data}, as on /api/events", type: "text/event-stream" } },
    answer: (context, services) => {
      const here = services.journal.place();
      const last = context.req.header("last-event-id") ?? context.req.query("after") ?? "";
      const place = parsePlace(last) ?? here;
      return eventStream(context, services.closing, async function* (signal) {
        const counts = await services.settings.mail.mailbox.count();
        // An event at once, so that a reader who is cut off before the first change knows where he was.
        yield {
          id: printPlace(place),
          data: {
            Type: "stats",
            Data: { Total: counts.total, Unread: counts.unread, Version: services.version },
          },
        };
        for await (const { place: at, Type, Data } of notices(services, place, signal)) {
          yield { ...(at ? { id: at } : {}), data: { Type, Data } };
        }
      });
    },
  },
];

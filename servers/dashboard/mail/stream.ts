import { eventStream } from "../event-stream.ts";
import type { Route } from "../route.ts";
import { parsePlace, printPlace } from "./journal.ts";
import { notices } from "./notices.ts";

/** Changes of the mailbox as they happen. */
export const streamRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/stream",
    summary: "Changes of the mailbox as server-sent events; with Last-Event-ID none is lost over a reconnect",
    answers: { 200: { description: "Events {Type, Data}, as on /api/events", type: "text/event-stream" } },
    answer: (context, services) => {
      const here = services.journal.place();
      const place = parsePlace(context.req.header("last-event-id") ?? "") ?? here;
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

import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { dashboardApp } from "./app.ts";
import { eventSockets, type EventSockets } from "./mail/events.ts";
import type { Services } from "./services.ts";

/** What a dashboard answers, to whoever asks. */
export interface Answers {
  readonly requests: (request: IncomingMessage, response: ServerResponse) => unknown;
  readonly events: EventSockets;
}

/** The page, the REST and the WebSockets of one dashboard. */
export function answersOf(services: Services): Answers {
  const { fetch } = dashboardApp(services);
  return {
    requests: getRequestListener(fetch, { overrideGlobalObjects: false }),
    events: eventSockets(services),
  };
}

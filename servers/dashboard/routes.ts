import { compareRoutes } from "./compare/routes.ts";
import { fileChangeRoutes } from "./files/change.ts";
import { fileContentRoutes } from "./files/content.ts";
import { fileLogRoutes } from "./files/log.ts";
import { fileReadRoutes } from "./files/read.ts";
import { fileUploadRoutes } from "./files/upload.ts";
import { healthRoutes } from "./health.ts";
import { chaosRoutes } from "./mail/chaos.ts";
import { checksRoutes } from "./mail/checks.ts";
import { inboxRoutes } from "./mail/inbox-routes.ts";
import { infoRoutes } from "./mail/info.ts";
import { messageRoutes } from "./mail/message.ts";
import { messagesRoutes } from "./mail/messages.ts";
import { partsRoutes } from "./mail/parts.ts";
import { sendRoutes } from "./mail/send.ts";
import { streamRoutes } from "./mail/stream.ts";
import { tagsRoutes } from "./mail/tags.ts";
import { toldRoutes } from "./mail/told.ts";
import { viewRoutes } from "./mail/view.ts";
import { waitRoutes } from "./mail/wait.ts";
import { openApi } from "./openapi.ts";
import type { Route } from "./route.ts";
import { trustRoutes } from "./trust.ts";
import { wireRoutes } from "./wire/routes.ts";

/** Every call of the REST; a new family is one file and one line. */
export const routes: readonly Route[] = [
  ...messagesRoutes,
  ...messageRoutes,
  ...partsRoutes,
  ...toldRoutes,
  ...checksRoutes,
  ...waitRoutes,
  ...streamRoutes,
  ...tagsRoutes,
  ...sendRoutes,
  ...inboxRoutes,
  ...chaosRoutes,
  ...infoRoutes,
  ...viewRoutes,
  ...fileReadRoutes,
  ...fileContentRoutes,
  ...fileUploadRoutes,
  ...fileChangeRoutes,
  ...fileLogRoutes,
  ...wireRoutes,
  ...compareRoutes,
  ...healthRoutes,
  ...trustRoutes,
  {
    method: "GET",
    path: "/api/v1/openapi.json",
    summary: "This description",
    answers: { 200: { description: "OpenAPI 3.1", schema: { type: "object" } } },
    answer: (context, services) => context.json(openApi(routes, services)),
  },
];

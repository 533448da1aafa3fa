import { badRequest, object, text, type Route } from "../route.ts";
import { jsonBody, stringField } from "./body.ts";
import { durationMs } from "./duration.ts";

/** An inbox of one's own. */
export const inboxRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/v1/inboxes",
    summary:
      "Make an address with credentials of its own; ?inbox={address} on other calls sees only its mails",
    body: object({
      Lifetime: { ...text, description: "When it is forgotten and its mails are removed: 1h, 3d" },
    }),
    answers: {
      200: {
        description: "The inbox",
        schema: object({
          address: text,
          user: text,
          password: text,
          expires: { ...text, format: "date-time" },
        }),
      },
      400: badRequest,
    },
    answer: async (context, services) => {
      const { inboxes, settings } = services;
      const lifetime = stringField(await jsonBody(context, services), "Lifetime");
      const inbox = inboxes.make(lifetime ? durationMs(lifetime, "Lifetime") : settings.inboxLifetimeMs);
      return context.json({
        address: inbox.address,
        user: inbox.user,
        password: inbox.password,
        expires: new Date(inbox.expiresAtMs).toISOString(),
      });
    },
  },
];

import type { Context } from "hono";
import { Refusal } from "../refusal.ts";
import { badRequest, listOf, object, ok, text, type Route } from "../route.ts";
import { jsonBody, stringField, stringList } from "./body.ts";

/** Tags: listed, set on mails, renamed, taken off everywhere. */
export const tagsRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/tags",
    summary: "All tags, in alphabetical order",
    answers: { 200: { description: "The tags", schema: listOf(text) } },
    answer: async (context, services) =>
      context.json(Object.keys((await services.settings.mail.mailbox.count()).tags)),
  },
  {
    method: "PUT",
    path: "/api/v1/tags",
    summary: "Set the tags of the mails named, in place of those they have",
    body: object({ IDs: listOf(text), Tags: listOf(text) }),
    answers: { 200: ok, 400: badRequest },
    answer: async (context, services) => {
      const body = await jsonBody(context, services);
      const ids = stringList(body, "IDs");
      if (ids.length > 0)
        await services.settings.mail.mailbox.mark(ids, { tags: cleanTags(stringList(body, "Tags")) });
      return context.text("ok");
    },
  },
  {
    method: "PUT",
    path: "/api/v1/tags/{Tag}",
    summary: "Rename a tag",
    body: object({ Name: text }),
    answers: { 200: ok, 400: badRequest },
    answer: async (context, services) => {
      const [to] = cleanTags([stringField(await jsonBody(context, services), "Name")]);
      if (to === undefined) throw new Refusal(400, "Name must hold a letter, a digit, '-', '.' or '_'");
      await services.settings.mail.mailbox.mark({}, { renameTag: tagOfPath(context), to });
      return context.text("ok");
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/tags/{Tag}",
    summary: "Take a tag off all mails; deletes no mail",
    answers: { 200: ok },
    answer: async (context, services) => {
      await services.settings.mail.mailbox.mark({}, { removeTag: tagOfPath(context) });
      return context.text("ok");
    },
  },
];

const tagOfPath = (context: Context): string => context.req.param("Tag") ?? "";

/** As in Mailpit: letters, digits, `-`, `.`, `_` and spaces stay, the rest is left out; empty ones fall away. */
export const cleanTags = (tags: readonly string[]): string[] => [
  ...new Set(
    tags
      .map((tag) =>
        tag
          .replace(/[^\p{L}\p{N}\-._ ]/gu, "")
          .replace(/\s+/g, " ")
          .trim(),
      )
      .filter((tag) => tag !== ""),
  ),
];

import type { Context } from "hono";
import type { Header } from "../../smtp/letter.ts";
import { missing, listOf, ref, text, type Route } from "../route.ts";
import type { Services } from "../services.ts";
import { readMail } from "./letters.ts";
import { messageShape } from "./shapes.ts";
import { namedMail, whichMails } from "./which.ts";

/** One mail: in full, its headers, its bytes. */
export const messageRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/message/{ID}",
    summary: "A mail in full; marks it read",
    query: whichMails,
    answers: { 200: { description: "The mail", schema: ref("Message") }, 404: missing },
    answer: async (context, services) => {
      const read = await readMail(await mailOfPath(context, services));
      if (!read.mail.isRead) await services.settings.mail.mailbox.mark([read.mail.id], { isRead: true });
      return context.json(messageShape(read));
    },
  },
  {
    method: "GET",
    path: "/api/v1/message/{ID}/headers",
    summary: "The headers of a mail by name, values unfolded and decoded, in order",
    query: whichMails,
    answers: {
      200: { description: "Name to values", schema: { type: "object", additionalProperties: listOf(text) } },
      404: missing,
    },
    answer: async (context, services) => {
      const { letter } = await readMail(await mailOfPath(context, services));
      return context.json(headersByName(letter.headers));
    },
  },
  {
    method: "GET",
    path: "/api/v1/message/{ID}/raw",
    summary: "The bytes of a mail, exactly as received; as a file with ?dl=1",
    query: { ...whichMails, dl: text },
    answers: { 200: { description: "The message", type: "text/plain" }, 404: missing },
    answer: async (context, services) => {
      const mail = await mailOfPath(context, services);
      return context.body(new Uint8Array(mail.raw), 200, {
        "Content-Type": "text/plain; charset=utf-8",
        ...(context.req.query("dl")
          ? { "Content-Disposition": `attachment; filename="${mail.id}.eml"` }
          : {}),
      });
    },
  },
];

/** The mail that the path's `{ID}` names. */
export const mailOfPath = (context: Context, services: Services) =>
  namedMail(context, services, context.req.param("ID") ?? "");

/** Sorted by name; names are written as Mailpit's clients look them up: `Message-Id`, `Mime-Version`. */
function headersByName(headers: readonly Header[]): Record<string, string[]> {
  const byName = new Map<string, string[]>();
  for (const { name, value } of headers) {
    const key = name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
    byName.set(key, [...(byName.get(key) ?? []), value]);
  }
  return Object.fromEntries([...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

import type { Context } from "hono";
import { notFound } from "../refusal.ts";
import { missing, text, type Route } from "../route.ts";
import type { Services } from "../services.ts";
import { readMail, type ReadMail } from "./letters.ts";
import { inertHtml } from "./inert-html.ts";
import { namedMail, whichMails } from "./which.ts";

/** A mail as a document of its own. */
export const viewRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/view/{ID}.html",
    summary: "The HTML of a mail, inert: no scripts, no forms, nothing loaded from elsewhere",
    query: {
      ...whichMails,
      embed: { ...text, description: "1 = for a frame: pictures within, links open a window" },
      remote: { ...text, description: "1 = load pictures, styles and fonts from elsewhere" },
    },
    answers: { 200: { description: "The document", type: "text/html" }, 404: missing },
    answer: async (context, services) => {
      const read = await mailOfFile(context, services, ".html");
      if (read.letter.html === "") throw notFound();
      const prefix = services.settings.webroot.replace(/\/+$/, "");
      const { html, policy } = inertHtml(read, {
        isEmbedded: Boolean(context.req.query("embed")),
        isRemoteAllowed: Boolean(context.req.query("remote")),
        host: context.req.header("host") ?? "",
        partsPath: `${prefix}/api/v1/message/${read.mail.id}/part/`,
      });
      return context.body(html, 200, {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
        // Chromium would look up the names of links before anybody follows them.
        "X-DNS-Prefetch-Control": "off",
      });
    },
  },
  {
    method: "GET",
    path: "/view/{ID}.txt",
    summary: "The text of a mail",
    query: whichMails,
    answers: { 200: { description: "The text", type: "text/plain" }, 404: missing },
    answer: async (context, services) =>
      context.text((await mailOfFile(context, services, ".txt")).letter.text),
  },
];

async function mailOfFile(context: Context, services: Services, ending: string): Promise<ReadMail> {
  const file = context.req.param("ID") ?? "";
  return readMail(await namedMail(context, services, file.slice(0, -ending.length)));
}

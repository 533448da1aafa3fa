import type { Hono } from "hono";
import { PageFiles } from "../pages/page-files.ts";
import { notFound } from "./refusal.ts";
import type { Services } from "./services.ts";

/** Serve the page at the root, its files under `page/`, its packages under `packages/`. */
export function pageRoutes(app: Hono, { settings }: Services): void {
  const prefix = settings.webroot.replace(/\/+$/, "");
  const files = new PageFiles(new URL("./page/", import.meta.url));

  app.get("/view/:ID", (context) =>
    context.redirect(`${prefix}/#/mail/${encodeURIComponent(context.req.param("ID"))}`),
  );
  app.get("/*", async (context) => {
    const path = new URL(context.req.url).pathname.slice(prefix.length);
    // Relative addresses in the page need the slash at the end of the webroot.
    if (path === "") return context.redirect(`${prefix}/`);
    return (await files.answer(context.req.raw, path)) ?? Promise.reject(notFound());
  });
}

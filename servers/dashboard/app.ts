import { Hono, type Context } from "hono";
import { guard } from "./guard.ts";
import { pageRoutes } from "./page-files.ts";
import { Refusal } from "./refusal.ts";
import { routes } from "./routes.ts";
import type { Services } from "./services.ts";

/** Everything the dashboard answers over HTTP. */
export function dashboardApp(services: Services): Hono {
  const { settings } = services;
  const prefix = settings.webroot.replace(/\/+$/, "");
  // Not strict: the webroot is found with and without its slash at the end.
  const app = new Hono({ strict: false }).basePath(prefix || "/");

  app.use("*", async (context, next) => {
    const { method, path } = context.req;
    const refusal = guard(
      { method, path: path.slice(prefix.length), header: (name) => context.req.header(name) },
      settings,
    );
    if (refusal) return refuse(context, refusal);
    const origin = context.req.header("origin") ?? "";
    const isAllowed = settings.allowedOrigins.includes(origin);
    if (method === "OPTIONS" && isAllowed) return preflight(context, origin);
    await next();
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Referrer-Policy", "no-referrer");
    if (isAllowed) allow(context, origin);
    else context.header("Cross-Origin-Resource-Policy", "same-origin");
    if (!context.res.headers.has("Cache-Control")) context.header("Cache-Control", "no-store");
    return undefined;
  });
  for (const route of routes) {
    app.on(route.method, honoPath(route.path), (context) => route.answer(context, services));
  }
  pageRoutes(app, services);
  app.notFound((context) => context.text("404 page not found", 404));
  app.onError((error, context) =>
    refuse(
      context,
      error instanceof Refusal ? error : new Refusal(500, `that went wrong here: ${error.message}`),
    ),
  );
  return app;
}

function refuse(context: Context, refusal: Refusal): Response {
  if (refusal.status === 401) context.header("WWW-Authenticate", 'Basic realm="Portside", charset="UTF-8"');
  return context.text(refusal.message, refusal.status);
}

/** `{ID}` to `:ID`; a parameter with an ending takes the ending along: `{ID}.html` to `:ID{[^/]+\.html}`. */
const honoPath = (path: string): string =>
  path.replace(/\{(\w+)\}(\.\w+)?/g, (_, name: string, ending?: string) =>
    ending ? `:${name}{[^/]+\\${ending}}` : `:${name}`,
  );

function preflight(context: Context, origin: string): Response {
  allow(context, origin);
  context.header("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
  context.header("Access-Control-Allow-Headers", "Content-Type, Authorization, Last-Event-ID");
  return context.body(null, 204);
}

function allow(context: Context, origin: string): void {
  context.header("Access-Control-Allow-Origin", origin);
  context.header("Vary", "Origin");
}

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Context, Hono } from "hono";
import { notFound } from "./refusal.ts";
import type { Services } from "./services.ts";

/**
 * The page: the files of `page/` as they are, and the browser modules of the packages it is made of, straight from
 * where they are installed. There is no build step; the import map in the page says where the packages are.
 */
const pageFolder = new URL("./page/", import.meta.url);

/** What the page imports by name, and the module of the installed package that is served for it. */
const packages: Readonly<Record<string, string>> = {
  preact: "preact",
  "preact/hooks": "preact/hooks",
  htm: "htm",
  "@preact/signals": "@preact/signals",
  "@preact/signals-core": "@preact/signals-core",
};

const types: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** Serve the page at the root, its files under `page/`, its packages under `packages/`. */
export function pageRoutes(app: Hono, { settings }: Services): void {
  const prefix = settings.webroot.replace(/\/+$/, "");
  const importMap = JSON.stringify({
    imports: Object.fromEntries(Object.keys(packages).map((name) => [name, `${prefix}/packages/${name}.js`])),
  });
  const policy = pagePolicy(importMap);

  app.get("/", async (context) => {
    // Relative addresses in the page need the slash at the end of the webroot.
    if (!new URL(context.req.url).pathname.endsWith("/")) return context.redirect(`${prefix}/`);
    const page = await readFile(new URL("index.html", pageFolder), "utf8");
    return context.html(
      page.replace("<!-- import map -->", `<script type="importmap">${importMap}</script>`),
      200,
      {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-cache",
      },
    );
  });
  app.get("/view/:ID", (context) =>
    context.redirect(`${prefix}/#/mail/${encodeURIComponent(context.req.param("ID"))}`),
  );
  app.get("/page/*", (context) => {
    const path = context.req.path.slice(`${prefix}/page/`.length);
    if (!/^[a-z\d-]+(?:\/[a-z\d-]+)*\.(?:js|css|svg)$/.test(path)) throw notFound();
    return file(context, new URL(path, pageFolder));
  });
  app.get("/packages/*", (context) => {
    const name = context.req.path.slice(`${prefix}/packages/`.length).replace(/\.js$/, "");
    const specifier = packages[name];
    if (!specifier) throw notFound();
    return file(context, new URL(import.meta.resolve(specifier)));
  });
}

/** Own files only; the one inline script, the import map, by its hash (CSP level 3 section 2.3.1). */
function pagePolicy(importMap: string): string {
  const hash = createHash("sha256").update(importMap).digest("base64");
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join("; ");
}

async function file(context: Context, url: URL): Promise<Response> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await readFile(url));
  } catch {
    throw notFound();
  }
  const type = types[/\.m?(\w+)$/.exec(url.pathname)?.[1] ?? ""] ?? "application/octet-stream";
  const tag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  const headers = { ETag: tag, "Cache-Control": "no-cache" };
  if (context.req.header("if-none-match") === tag) return context.body(null, 304, headers);
  return context.body(bytes, 200, { ...headers, "Content-Type": type });
}

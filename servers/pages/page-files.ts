import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { readBrowserModule } from "./browser-module.ts";

/**
 * A page without a build step: the files of its folder as they are, those that all pages share, and the browser modules
 * that it is made of, straight from where they are installed.
 *
 *     /                      index.html, with an import map
 *     /page/main.js          the page's own folder, or servers/pages/page
 *                            `import … from "portside/page/html.js"`
 *     /packages/preact.js    what the page imports by name
 *     /wire/websocket.js     `import … from "portside/wire/websocket.js"`: a module that server and page share
 *
 * All addresses are relative to the page, so it can live below any path.
 */
export class PageFiles {
  readonly #folders: readonly URL[];

  /** @param folder with `index.html` in it, and a slash at the end */
  constructor(folder: URL) {
    this.#folders = [folder, sharedFolder];
  }

  /**
   * Answer a GET for a path below the page's own, such as `/` or `/page/main.js`.
   * @returns nothing when there is no such file
   */
  async answer(request: Request, path: string): Promise<Response | undefined> {
    if (path === "/") return await this.#index(request);
    const [, root, name = ""] = /^\/(page|packages|wire)\/(.+)$/.exec(path) ?? [];
    const content = await this.#read(root, name);
    if (content === undefined) return undefined;
    const tag = `"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;
    const headers = { ETag: tag, "Cache-Control": "no-cache" };
    if (request.headers.get("if-none-match") === tag) return new Response(null, { status: 304, headers });
    const type = types[/\.(\w+)$/.exec(path)?.[1] ?? ""] ?? "application/octet-stream";
    return new Response(content, { headers: { ...headers, "Content-Type": type } });
  }

  async #index(request: Request): Promise<Response> {
    const page = await readFile(new URL("index.html", this.#folders[0]), "utf8");
    const html = page.replace("<!-- import map -->", `<script type="importmap">${importMap}</script>`);
    return new Response(html, {
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy(request.headers.get("host") ?? ""),
        "Cache-Control": "no-cache",
      },
    });
  }

  async #read(root: string | undefined, name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (root === "page" && /^[a-z\d-]+(?:\/[a-z\d-]+)*\.(?:js|css|svg)$/.test(name)) {
      for (const folder of this.#folders) {
        const content = await readIfThere(new URL(name, folder));
        if (content) return content;
      }
    }
    const specifier = root === "packages" ? packages[name.replace(/\.js$/, "")] : undefined;
    if (specifier) return await readIfThere(new URL(import.meta.resolve(specifier)));
    const [, module] = /^([a-z\d-]+(?:\/[a-z\d-]+)*)\.js$/.exec(name) ?? [];
    return root === "wire" && module ? await readBrowserModule(module) : undefined;
  }
}

/** What all pages share: colours and type, the bar, panes, the theme, markup in template literals. */
const sharedFolder = new URL("./page/", import.meta.url);

/** What pages import by name, and the module of the installed package that is served for it. */
const packages: Readonly<Record<string, string>> = {
  preact: "preact",
  "preact/hooks": "preact/hooks",
  htm: "htm",
  "@preact/signals": "@preact/signals",
  "@preact/signals-core": "@preact/signals-core",
};

const importMap = JSON.stringify({
  imports: {
    ...Object.fromEntries(Object.keys(packages).map((name) => [name, `./packages/${name}.js`])),
    "portside/page/": "./page/",
    "portside/wire/": "./wire/",
  },
});

const types: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

const importMapHash = createHash("sha256").update(importMap).digest("base64");

/** Own files only; the one inline script, the import map, by its hash (CSP level 3 section 2.3.1). */
function policy(host: string): string {
  // Not every browser takes 'self' for ws: as well. The host has been checked, but a policy must not be split by it.
  const sockets = /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : "";
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${importMapHash}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self'${sockets}`,
    "frame-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join("; ");
}

async function readIfThere(url: URL): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await readFile(url));
  } catch {
    return undefined;
  }
}

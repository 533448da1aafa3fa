import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { PageFiles } from "../../servers/pages/page-files.ts";
import { startWebSocket } from "../../servers/websocket/index.ts";
import { scratch } from "../peers/tools.ts";

const page = "<!doctype html><head><!-- import map --></head><body></body>";

/** A page of its own, and what it answers at a path. */
function pageOf(files: Readonly<Record<string, string>>) {
  const folder = scratch();
  for (const [name, content] of Object.entries(files)) folder.file(name, content);
  const own = new PageFiles(new URL(`file://${folder.path}/`));
  return {
    own,
    ask: (path: string, headers: Record<string, string> = {}) =>
      own.answer(
        new Request(`http://127.0.0.1${path}`, { headers: { host: "127.0.0.1:80", ...headers } }),
        path,
      ),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

describe("PageFiles", () => {
  test("puts the import map into the page, and lets nothing else run there", async () => {
    using site = pageOf({ "index.html": page });
    const answer = await site.ask("/");
    const html = (await answer?.text()) ?? "";
    const map = /<script type="importmap">(.*)<\/script>/.exec(html)?.[1] ?? "";
    const policy = answer?.headers.get("content-security-policy") ?? "";
    const hash = createHash("sha256").update(map).digest("base64");
    expect(JSON.parse(map)).toMatchObject({ imports: { preact: "./packages/preact.js" } });
    expect(policy).toContain(`script-src 'self' 'sha256-${hash}';`);
    expect(policy).toContain("connect-src 'self' ws://127.0.0.1:80 wss://127.0.0.1:80;");
    expect(policy).toContain("default-src 'none'");
  });

  test("has no room in its policy for a host that splits it", async () => {
    using site = pageOf({ "index.html": page });
    const answer = await site.ask("/", { host: "a; script-src *" });
    expect(answer?.headers.get("content-security-policy")).not.toContain("script-src *");
  });

  test("serves the page's own files before those that all share, with a tag", async () => {
    using site = pageOf({ "index.html": page, "html.js": "export const own = 1;" });
    const own = await site.ask("/page/html.js");
    expect(await own?.text()).toBe("export const own = 1;");
    expect(own?.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    const again = await site.ask("/page/html.js", { "if-none-match": own?.headers.get("etag") ?? "" });
    expect(again?.status).toBe(304);
    expect(await (await site.ask("/page/base.css"))?.text()).toContain("--accent");
  });

  test("serves the packages that pages are made of, and the modules of wire/ without their types", async () => {
    using site = pageOf({ "index.html": page });
    expect(await (await site.ask("/packages/preact/hooks.js"))?.text()).toContain("useState");
    const module = (await (await site.ask("/wire/utf8.js"))?.text()) ?? "";
    expect(module).toContain("class Utf8Checker");
    expect(module).not.toContain("bytes: Uint8Array");
  });

  test.each([
    "/page/../options.ts",
    "/page/..%2foptions.ts",
    "/page/index.html",
    "/page/nothing.js",
    "/packages/node:fs.js",
    "/packages/../../package.js",
    "/wire/../servers/pages/guard.js",
    "/wire/nothing.js",
    "/elsewhere",
  ])("has nothing at %s", async (path) => {
    using site = pageOf({ "index.html": page });
    expect(await site.ask(path)).toBeUndefined();
  });
});

test("a server serves a page below any path, to those who may ask", async () => {
  using site = pageOf({ "index.html": page, "main.js": "export {};" });
  await using server = await startWebSocket({ "/chat": { page: site.own } });
  const ask = (path: string, headers = {}) => fetch(server.url + path, { headers });
  const home = await ask("/chat");
  expect(home.url).toBe(`${server.url}/chat/`);
  expect(home.headers.get("x-content-type-options")).toBe("nosniff");
  expect((await ask("/chat/page/main.js")).status).toBe(200);
  expect((await ask("/chat/page/other.js")).status).toBe(404);
  expect((await ask("/")).status).toBe(404);
  expect((await ask("/chat/", { origin: "http://evil.test" })).status).toBe(403);
  expect((await fetch(`${server.url}/chat/`, { method: "POST" })).status).toBe(404);
});

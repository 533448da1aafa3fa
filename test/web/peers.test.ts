import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Client } from "undici";
import { describe, expect, test } from "vitest";
import { startWeb } from "../../servers/web/index.ts";
import { launch, needsBrowser } from "../dashboard/browser.ts";
import { needs, runTool, scratch } from "../peers/tools.ts";
import { big, site } from "./site.ts";

describe("curl", () => {
  test("gets, resumes, uploads, compares, and keeps its connection", needs("curl"), async () => {
    using folder = site();
    await using web = await startWeb({
      root: folder.root,
      routes: { "PUT /up": async ({ body }) => String((await body.bytes()).length) },
    });
    const file = join(folder.path, "got.bin");
    writeFileSync(file, big.subarray(0, 70_000));
    await runTool("curl", ["-sS", "-C", "-", "-o", file, `${web.url}/big.bin`]);
    expect((await readFile(file)).equals(big)).toBe(true);
    expect((await runTool("curl", ["-sS", "-T", file, `${web.url}/up`])).stdout).toBe("200000");
    expect(
      (await runTool("curl", ["-sS", "-H", "Transfer-Encoding: chunked", "-T", file, `${web.url}/up`]))
        .stdout,
    ).toBe("200000");
    const verbose = await runTool("curl", [
      "-sSv",
      `${web.url}/small.txt`,
      `${web.url}/page.html`,
      "-I",
      `${web.url}/sub/`,
    ]);
    expect(verbose.stderr).toMatch(/Re-using existing connection/);
    const etags = join(folder.path, "etag");
    await runTool("curl", ["-sS", "--etag-save", etags, "-o", "/dev/null", `${web.url}/small.txt`]);
    const again = await runTool("curl", [
      "-sS",
      "--etag-compare",
      etags,
      "-w",
      "%{http_code}",
      `${web.url}/small.txt`,
    ]);
    expect(again.stdout).toBe("304");
    expect((await runTool("curl", ["-sS", "--http1.0", `${web.url}/sub/`])).stdout).toBe("<p>index");
    expect((await runTool("curl", ["-sSL", `${web.url}/sub`])).stdout).toBe("<p>index");
    expect((await runTool("curl", ["-sS", "--compressed", `${web.url}/page.html`])).stdout).toContain(
      "<h1>Hello",
    );
  });

  test("trusts the server by its authority, and no other", needs("curl"), async () => {
    using folder = scratch();
    await using web = await startWeb({ root: folder.path, httpsPort: 0 });
    const ca = folder.file("ca.pem", web.ca);
    const run = await runTool("curl", [
      "-sS",
      "--cacert",
      ca,
      "-w",
      "%{http_version}",
      `${web.httpsUrl}/ca.pem`,
    ]);
    expect(run.stdout).toBe(`${web.ca}1.1`);
    expect((await runTool("curl", ["-sS", `${web.httpsUrl}/`], { codes: [60] })).code).toBe(60);
  });
});

test("wget mirrors a folder by its listings, and goes on with half a file", needs("wget"), async () => {
  using folder = site();
  await using web = await startWeb({ root: folder.root });
  using copy = scratch();
  copy.file("big.bin", big.subarray(0, 1_234));
  await runTool("wget", ["-q", "-c", `${web.url}/big.bin`], { cwd: copy.path });
  expect((await readFile(join(copy.path, "big.bin"))).equals(big)).toBe(true);
  await runTool("wget", ["-q", "-r", "-np", "-nH", "-e", "robots=off", `${web.url}/`], {
    cwd: copy.path,
    codes: [0, 8],
  });
  for (const name of ["with space.txt", "ä.txt", "100%.txt", "plain/b.txt", "sub/index.html"]) {
    expect(await readFile(join(copy.path, name))).toEqual(await readFile(join(folder.root, name)));
  }
});

test("wrk finds no answer wrong", needs("wrk"), async () => {
  using folder = site();
  await using web = await startWeb({ root: folder.root });
  const run = await runTool("wrk", ["-t1", "-c32", "-d1", `${web.url}/small.txt`]);
  expect(run.stdout).toMatch(/Requests\/sec:\s+[\d.]{5,}/);
  expect(run.stdout).not.toMatch(/Non-2xx|Socket errors/);
});

test("undici pipelines, and reads streams and trailers", async () => {
  using folder = site();
  await using web = await startWeb({ root: folder.root, routes: { "POST /echo": ({ body }) => ({ body }) } });
  const client = new Client(web.url, { pipelining: 10 });
  try {
    const targets = ["/small.txt", "/big.bin", "/none", "/sub/", "/small.txt"];
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => targets)
        .flat()
        .map(async (path) => {
          const { statusCode, body } = await client.request({ path, method: "GET" });
          return [statusCode, (await body.arrayBuffer()).byteLength];
        }),
    );
    expect(answers.slice(0, 5)).toEqual([
      [200, 37],
      [200, 200_000],
      [404, expect.any(Number)],
      [200, 8],
      [200, 37],
    ]);
    expect(new Set(web.requests().map(({ origin }) => origin.connection)).size).toBe(1);
    const echoed = await client.request({ path: "/echo", method: "POST", body: big });
    expect(Buffer.from(await echoed.body.arrayBuffer()).equals(big)).toBe(true);
  } finally {
    await client.close();
  }
});

test(
  "Chromium shows a page with its parts, asks again with conditions, and plays a form",
  needsBrowser,
  async () => {
    using folder = site();
    writeFileSync(join(folder.root, "app.js.gz"), gzipSync("document.title = 'packed'"));
    writeFileSync(join(folder.root, "app.js"), "document.title = 'plain'");
    writeFileSync(
      join(folder.root, "app.html"),
      "<!doctype html><link rel=stylesheet href=style.css><h1>Hi</h1><form method=post action=/form><input name=a value=b></form><script src=app.js></script>",
    );
    await using web = await startWeb({
      root: folder.root,
      routes: { "POST /form": ({ body }) => body.text() },
    });
    const browser = await launch();
    try {
      const page = await browser.newPage();
      await page.goto(`${web.url}/app.html`);
      expect(await page.title()).toBe("packed");
      expect(await page.evaluate("getComputedStyle(document.querySelector('h1')).color")).toBe(
        "rgb(1, 2, 3)",
      );
      await page.reload();
      expect(web.requests().map(({ status }) => status)).toContain(304);
      await page.locator("form").evaluate((form) => (form as unknown as { submit(): void }).submit());
      await page.waitForURL(`${web.url}/form`);
      expect(await page.locator("body").textContent()).toBe("a=b");
      await page.goto(`${web.url}/plain/`);
      await page.getByText("b.txt").click();
      await page.waitForURL(`${web.url}/plain/b.txt`);
    } finally {
      await browser.close();
    }
  },
);

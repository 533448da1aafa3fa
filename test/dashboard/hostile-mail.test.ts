import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { complaintsOf, launch, needsBrowser } from "./browser.ts";
import { htmlLetter, startFixture } from "./fixture.ts";

/** A server that nobody should ask; it remembers who did. */
async function startTrap() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    server.emit("asked", request.url);
    response.end();
  });
  let connections = 0;
  server.on("connection", () => (connections += 1));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    asked,
    /** A mere connection tells as much as a request: somebody reads the mail, and where. */
    connections: () => connections,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    until: (path: string) =>
      new Promise<void>((resolve) => {
        if (asked.includes(path)) resolve();
        server.on("asked", (url) => url === path && resolve());
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const hostile = (trap: string): string => `<!doctype html><html><head>
<base href="${trap}/base/">
<meta http-equiv="refresh" content="0; url=${trap}/refresh">
<meta http-equiv="Content-Security-Policy" content="script-src *">
<link rel="stylesheet" href="${trap}/style.css">
<link rel="preload" as="image" href="${trap}/preload.png">
<link rel="preconnect" href="${trap}"><link
 rel=preconnect href="${trap}" crossorigin><link rel="prefetch" href="${trap}/prefetch"><link rel="dns-prefetch" href="//trap.example">
<link rel="icon" href="${trap}/icon.png"><link rel="manifest" href="${trap}/manifest">
<style>@import "${trap}/import.css"; @font-face { font-family: x; src: url(${trap}/font) }
body { background: url(${trap}/background.png); font-family: x } </style>
<script>parent.document.title = "owned"; top.hit = 1; fetch("${trap}/script")</script>
<script src="${trap}/script.js"></script>
</head><body onload="fetch('${trap}/onload')">
<img src="${trap}/pixel.png"><img src="x" onerror="fetch('${trap}/onerror')">
<picture><source srcset="${trap}/source.png"><img src="relative.png"></picture>
<svg onload="fetch('${trap}/svg')"><image href="${trap}/svg.png"/><use href="${trap}/use.svg#a"/></svg>
<iframe src="${trap}/frame"></iframe><object data="${trap}/object"></object><embed src="${trap}/embed">
<video src="${trap}/video" autoplay poster="${trap}/poster.png"></video><audio src="${trap}/audio" autoplay></audio>
<form id="form" action="${trap}/form" method="post" target="_top"><input name="a" autofocus onfocus="fetch('${trap}/focus')"><button id="submit">go</button></form>
<a id="script" href="javascript:fetch('${trap}/link')" target="_self">a</a>
<a id="top" href="${trap}/top" target="_top">b</a>
<a id="ping" href="about:blank" ping="${trap}/ping">c</a>
<p id="end">end</p></body></html>`;

describe("a hostile mail", needsBrowser, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  test("does nothing and asks nobody in the preview", async () => {
    await using trap = await startTrap();
    await using kit = await startFixture();
    await kit.arrive(htmlLetter("<script>top.hit = 1</script>", hostile(trap.url)));
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const complaints = complaintsOf(page);
    const answered: string[] = [];
    page.on("response", (response) => answered.push(response.url()));
    await page.goto(kit.dashboard.url);
    await page.locator(".mails a[data-mail]").click();
    const frame = page.frameLocator(".stage iframe");
    await frame.locator("#end").waitFor();

    await frame.locator("#submit").click();

    await frame.locator("#script").click();

    await frame.locator("#top").click();

    expect(trap.asked).toEqual([]);
    expect(trap.connections()).toBe(0);
    expect(answered.filter((url) => !url.startsWith(kit.dashboard.url) && !url.startsWith("data:"))).toEqual(
      [],
    );
    expect(page.url()).toMatch(new RegExp(`^${kit.dashboard.url}/#/mail/`));
    expect(await page.title()).toMatch(/Portside$/);
    expect(await page.evaluate("globalThis.hit")).toBe(undefined);
    // Chromium tells of each wall that stood.
    expect(complaints.join("\n")).toMatch(/Refused to|[Bb]locked|violates/);

    // Allowed by the reader: pictures and styles, and still nothing that acts.
    await page.getByRole("button", { name: "Load them" }).click();
    await Promise.all(["/pixel.png", "/style.css", "/background.png"].map((path) => trap.until(path)));
    await frame.locator("#end").waitFor();
    await frame.locator("#submit").click();
    const acted = trap.asked.filter((path) =>
      /script|refresh|form|frame|object|embed|on(load|error)|focus|link|svg$|ping|manifest/.test(path),
    );
    expect(acted).toEqual([]);
    expect(await page.evaluate("globalThis.hit")).toBe(undefined);
    await page.close();
  });

  test("does nothing as a page of its own", async () => {
    await using trap = await startTrap();
    await using kit = await startFixture();
    const { id } = await kit.arrive(htmlLetter("own", hostile(trap.url)));
    const page = await browser.newPage();
    await page.goto(`${kit.dashboard.url}/view/${id}.html`);
    await page.locator("#submit").click();
    await page.locator("#script").click();
    // What the mail says of our own server is not done either: it would mark, delete, send.
    await kit.arrive(
      htmlLetter(
        "inside",
        `<img src="/api/v1/message/${id}"><form action="/api/v1/send" method="post"><button>x</button></form>`,
      ),
    );
    await kit.mailbox.mark([id], { isRead: false });
    await page.goto(`${kit.dashboard.url}/view/latest.html`);
    await page.locator("button").click();
    expect((await kit.mailbox.get(id))?.isRead).toBe(false);
    expect((await kit.mailbox.count()).total).toBe(2);
    expect(page.url()).toBe(`${kit.dashboard.url}/view/latest.html`);
    expect(trap.asked).toEqual([]);
    await page.close();
  });

  test("cannot hide in what it names: subject, sender, files and headers are text", async () => {
    await using kit = await startFixture();
    const evil = "<img src=x onerror=globalThis.hit=1>";
    await kit.arrive(
      `From: "${evil}" <a@b.example>\nTo: ann@example.com\nSubject: ${evil}\nX-Evil: ${evil}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n${evil} javascript:alert(1) https://example.com/?a=<b>\n--b\nContent-Type: text/html; name="${evil.replaceAll('"', "")}"\nContent-Disposition: attachment; filename="evil.html"\n\n<script>top.hit = 1</script>\n--b--\n`,
      { tags: ["<b>tag</b>"] },
    );
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const complaints = complaintsOf(page);
    await page.goto(kit.dashboard.url);
    await page.locator(".mails a[data-mail]").click();
    await page.locator(".head h1", { hasText: evil }).waitFor();
    for (const name of await page.locator(".views [role=tab]").allTextContents()) {
      await page.getByRole("tab", { name: name.trim().split(" ")[0] ?? "" }).click();
    }
    await page.getByRole("tab", { name: "Files" }).click();
    const opened = page.waitForEvent("popup");
    await page.getByRole("link", { name: "evil.html", exact: true }).click();
    await (await opened).waitForLoadState();
    expect(await page.locator("img[src=x]").count()).toBe(0);
    expect(await page.evaluate("globalThis.hit")).toBe(undefined);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, needsBrowser } from "./browser.ts";
import { tooFaint } from "./contrast.ts";
import { htmlLetter, startFixture } from "./fixture.ts";

// Pictures of every view, for a person to look at: `PORTSIDE_SCREENSHOTS` names the folder.
const folder = process.env["PORTSIDE_SCREENSHOTS"] ?? join(tmpdir(), "portside-screenshots");

const entries = [
  ["S", "220 portside.test ESMTP ready"],
  ["C", "EHLO client.test"],
  ["S", "250-portside.test greets client.test\n250-PIPELINING\n250 STARTTLS"],
  ["*", "TLSv1.3 TLS_AES_256_GCM_SHA384"],
  ["C", "MAIL FROM:<a-rather-long-address-that-wraps@subdomain.of.example.com> SIZE=120 BODY=8BITMIME"],
] as const;

describe("the look of the page", needsBrowser, () => {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    browser = await launch();
  });
  afterAll(() => browser.close());

  test.each([
    ["light", 1280],
    ["light", 360],
    ["dark", 1280],
    ["dark", 360],
  ] as const)("%s, %i px: everything fits and can be read", async (colorScheme, width) => {
    await using kit = await startFixture();
    const page = await browser.newPage({ viewport: { width, height: 740 }, colorScheme });
    const look = async (name: string) => {
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`) });
      expect(await page.evaluate("document.documentElement.scrollWidth"), `${name} is too wide`).toBe(width);
      expect(await tooFaint(page), `${name} is too faint`).toEqual([]);
    };
    await page.goto(kit.dashboard.url);
    await page.locator(".empty").waitFor();
    await look("empty");

    for (const [from, text] of entries) kit.recorder.record(1, from, text, Date.now());
    const session = { transcript: kit.recorder.list(), flags: ["a bare LF in the body"] };
    for (let index = 0; index < 12; index += 1) {
      const subject = `Mail ${index} with a subject that is longer than the list is wide`;
      const html = '<h1>Hello</h1><p>text</p><img src="http://example.com/x.png">';
      await kit.arrive(htmlLetter(subject, html), {
        tags: index % 3 === 0 ? ["orders", "a longer tag"] : [],
        session,
      });
    }
    await page.locator(".mails a[data-mail]").nth(11).waitFor();
    await look("list");
    await page.locator(".mails a[data-mail]").first().click();
    await page.frameLocator(".stage iframe").locator("h1").waitFor();
    await look("mail");
    for (const view of ["Text", "Links", "Headers", "Source", "Conversation"]) {
      await page.getByRole("tab", { name: view }).click();
      await page.locator(".view > *").first().waitFor();
      await look(`mail-${view.toLowerCase()}`);
    }
    await page.goto(`${kit.dashboard.url}/#/wire/all`);
    await page.locator(".conversation").waitFor();
    await look("wire");
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await look("keys");
    await page.close();
  });

  test("the theme can be changed, stays, and goes back to the system's", async () => {
    await using kit = await startFixture();
    const page = await browser.newPage({ colorScheme: "light" });
    const ground = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    await page.goto(kit.dashboard.url);
    const light = await ground();
    await page.getByRole("button", { name: "Use the dark theme" }).click();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByRole("button", { name: "Use the light theme" }).waitFor();
    expect(await ground()).toBe(dark);
    await page.getByRole("button", { name: "Use the light theme" }).click();
    expect(await ground()).toBe(light);
    expect(await page.evaluate("localStorage.getItem('theme')")).toBe(null);
    await page.close();
  });
});

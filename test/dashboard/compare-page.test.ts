import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFtp } from "../../servers/ftp/index.ts";
import { launch, needsBrowser, visit } from "./browser.ts";
import { faceOf, startCompareFixture } from "./compare-fixture.ts";
import { tooFaint } from "./contrast.ts";
import { letter, startFixture } from "./fixture.ts";

// Pictures of every view, for a person to look at: `PORTSIDE_SCREENSHOTS` names the folder.
const folder = process.env["PORTSIDE_SCREENSHOTS"] ?? join(tmpdir(), "portside-screenshots");

const list = (page: Page) => page.locator("[data-transport]");
const send = (page: Page) => page.getByRole("button", { name: "Send" });
const allDone = (page: Page, count: number) =>
  expect.poll(() => page.locator(".list .took").count()).toBe(count);

describe("the Compare tab", needsBrowser, () => {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    browser = await launch();
  });
  afterAll(() => browser.close());

  test("sends what was typed over every transport, and shows the bytes of both directions", async () => {
    await using kit = await startCompareFixture();
    const { page, complaints } = await visit(browser, `${kit.dashboard.url}/#/compare`);
    await page.getByText("Send a message, and see its bytes pass").waitFor();
    await page.getByLabel("Message").fill("Ahoi");
    await page.keyboard.press("Enter");
    await allDone(page, 7);
    const exchange = page.locator(".exchange");
    expect(await exchange.locator(".title").allTextContents()).toEqual([
      expect.stringMatching(/^request head/),
      expect.stringMatching(/^answer head/),
      "text frame, 6 + 4 bytes",
      "text frame, 2 + 4 bytes",
      expect.stringMatching(/^close frame/),
      expect.stringMatching(/^close frame/),
      expect.stringMatching(/FIN/),
      expect.stringMatching(/FIN/),
    ]);
    const answer = exchange.locator(".part").nth(3);
    expect((await answer.locator(".bytes").textContent())?.trim().split(/\s+/)).toEqual(
      "81 04 41 68 6f 69".split(" "),
    );
    expect(await answer.locator(".fields tbody tr").first().locator("td, th").allTextContents()).toEqual([
      "0",
      "1... ....",
      "FIN",
      "1",
      "the last frame of its message",
      "RFC 6455 section 5.2",
    ]);
    await page.locator("[data-transport=tcp]").click();
    await expect
      .poll(() => exchange.locator(".title").allTextContents())
      .toEqual(["length frame, 4 + 4 bytes", "length frame, 4 + 4 bytes", "the end (FIN)", "the end (FIN)"]);
    expect(await exchange.locator(".sum").textContent()).toMatch(
      /a message of 4 bytes: 8 to the\s+server, 8 to/,
    );
    await page.locator("[data-transport=tls]").click();
    await expect.poll(() => exchange.getByText("inside TLS").count()).toBe(2);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("shows each part as it passes, before the answer is there", async () => {
    const gate = Promise.withResolvers<number>();
    const part = { title: "one feather", bytes: Buffer.from("x"), fields: [] };
    const compare = faceOf((_name, _message, hear) => {
      hear({ channel: "connection", from: "client", atMs: 1, isOnWire: true, part });
      return gate.promise;
    });
    await using kit = await startFixture({ compare });
    const { page } = await visit(browser, `${kit.dashboard.url}/#/compare`);
    await send(page).click();
    await page.locator(".exchange .title", { hasText: "one feather" }).waitFor();
    expect(await send(page).isDisabled()).toBe(true);
    expect(await page.locator(".list .took").count()).toBe(0);
    gate.resolve(2);
    await page.locator(".list .took").waitFor();
    expect(await send(page).isEnabled()).toBe(true);
    await page.close();
  });

  test("a message is text, whatever it says, and so is what went wrong", async () => {
    const hostile = `<img src=x onerror="top.isOwned = true"><script>top.isOwned = true</script>`;
    await using kit = await startCompareFixture();
    const { page, complaints } = await visit(browser, `${kit.dashboard.url}/#/compare/udp`);
    await page.getByLabel("Message").fill(hostile.slice(0, 58));
    await send(page).click();
    await allDone(page, 7);
    expect(await page.locator(".exchange .value").first().textContent()).toBe(hostile.slice(0, 58));
    expect(await page.locator(".exchange img").count()).toBe(0);
    expect(await page.evaluate("window.isOwned")).toBe(undefined);
    expect(complaints).toEqual([]);
    await page.close();

    const fails = faceOf(() => Promise.reject(new Error(hostile)));
    await using other = await startFixture({ compare: fails });
    const second = await visit(browser, `${other.dashboard.url}/#/compare`);
    await send(second.page).click();
    await second.page.getByRole("alert").getByText(hostile).waitFor();
    expect(await second.page.evaluate("window.isOwned")).toBe(undefined);
    await second.page.close();
  });

  test("is walked through with the keys, and shows which bytes a field has", async () => {
    await using kit = await startCompareFixture();
    const { page } = await visit(browser, `${kit.dashboard.url}/#/compare`);
    await list(page).first().waitFor();
    await page.keyboard.press("m");
    await page.keyboard.type("!");
    await page.keyboard.press("Enter");
    await allDone(page, 7);
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.getByRole("heading", { name: "TCP, length frames" }).waitFor();
    const frame = page.locator(".exchange .part").first();
    await frame.locator(".fields tbody tr").first().focus();
    expect(await frame.locator(".bytes .meant").allTextContents()).toEqual(["00", "00", "00", "06"]);
    await page.keyboard.press("ArrowDown");
    expect((await frame.locator(".bytes .meant").allTextContents()).join("")).toBe("48656c6c6f21");
    await page.keyboard.press("k");
    await page.getByRole("heading", { name: "WebSocket" }).waitFor();
    // Keys that come faster than the address changes are all heard.
    await page.evaluate(`for (const key of "jj")
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }))`);
    await page.getByRole("heading", { name: "TLS, length frames" }).waitFor();
    await page.locator("[data-transport=tls]:focus").waitFor();
    await page.close();
  });

  test("whoever comes later sees what was said last", async () => {
    await using kit = await startCompareFixture();
    await kit.call("/compare", { method: "POST", body: '{"Message":"old"}' });
    await kit.call("/compare", { method: "POST", body: '{"Message":"new"}' });
    const { page } = await visit(browser, `${kit.dashboard.url}/#/compare/udp`);
    await allDone(page, 7);
    await expect.poll(() => page.locator(".exchange .value").allTextContents()).toEqual(["new", "new"]);
    await page.close();
  });

  test("there is no such tab without a comparison", async () => {
    await using kit = await startFixture();
    const { page } = await visit(browser, kit.dashboard.url);
    await page.getByText("Waiting for the first mail").waitFor();
    expect(await page.getByRole("link", { name: "Compare" }).count()).toBe(0);
    await page.close();
  });

  test("360 px: every tab is whole, beside hundreds of unread mails too", async () => {
    await using ftp = await startFtp();
    await using kit = await startCompareFixture({ files: ftp });
    for (let index = 0; index < 234; index += 1) await kit.arrive(letter(`mail ${index}`));
    const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    await page.goto(`${kit.dashboard.url}/#/compare`);
    await page.locator(".bar .badge", { hasText: "234" }).waitFor();
    const tabs = page.getByRole("navigation", { name: "Tabs" });
    await tabs.getByRole("link", { name: "Compare" }).waitFor();
    const [wanted, room] = await tabs.evaluate((bar) => [bar.scrollWidth, bar.clientWidth]);
    expect(wanted).toBe(room);
    await page.close();
  });

  test.each([
    ["light", 1280],
    ["light", 360],
    ["light", 900],
    ["dark", 1280],
    ["dark", 360],
  ] as const)("%s, %i px: everything fits and can be read", async (colorScheme, width) => {
    // With every tab there can be.
    await using ftp = await startFtp();
    await using kit = await startCompareFixture({ files: ftp });
    const page = await browser.newPage({ viewport: { width, height: 740 }, colorScheme });
    const look = async (name: string) => {
      await page.screenshot({ path: join(folder, `compare-${name}-${colorScheme}-${width}.png`) });
      expect(await page.evaluate("document.documentElement.scrollWidth"), `${name} is too wide`).toBe(width);
      expect(await page.evaluate("document.documentElement.scrollHeight"), `${name} is too long`).toBe(740);
      expect(await tooFaint(page), `${name} is too faint`).toEqual([]);
    };
    await page.goto(`${kit.dashboard.url}/#/compare`);
    await list(page).first().waitFor();
    await look("before");
    await page.getByLabel("Message").fill("Ahoi there");
    await send(page).click();
    await allDone(page, 7);
    await look("sent");
    for (const name of ["websocket", "tls", "smtp", "ftp"]) {
      await page.goto(`${kit.dashboard.url}/#/compare/${name}`);
      await page.locator(".exchange .sum").waitFor();
      await look(name);
      const wide = await page.evaluate(
        `[...document.querySelectorAll(".following, .part, .fields")].filter((one) => one.scrollWidth > one.clientWidth).length`,
      );
      expect(wide, `${name} has to be scrolled sideways`).toBe(0);
    }
    await page.close();
  });
});

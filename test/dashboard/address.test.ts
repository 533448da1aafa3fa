import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFtp } from "../../servers/ftp/index.ts";
import { launch, needsBrowser, rows, visit, visitWith } from "./browser.ts";
import { startCompareFixture } from "./compare-fixture.ts";
import { htmlLetter, startFixture } from "./fixture.ts";

const selectedView = (page: Page) => page.getByRole("tab", { selected: true }).textContent();
const titled = (page: Page, title: string) => expect.poll(() => page.title()).toBe(title);

describe("the address of the page", needsBrowser, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  test("names the open mail and the view of it, through reload, back and forward", async () => {
    await using kit = await startFixture();
    const { page, mails } = await visitWith(
      browser,
      kit,
      htmlLetter("first", "<p>1</p>"),
      htmlLetter("second", "<p>2</p>"),
    );
    await rows(page).filter({ hasText: "second" }).click();
    await page.getByRole("tab", { name: "Headers" }).click();
    await page.keyboard.press("ArrowRight");
    expect(page.url()).toBe(`${kit.dashboard.url}/#/mail/${mails[1]!.id}/source`);
    await page.reload();
    await page.getByRole("heading", { name: "second" }).waitFor();
    expect(await selectedView(page)).toContain("Source");
    // The next mail opens in the same view, and its address says so too.
    await rows(page).filter({ hasText: "first" }).click();
    await page.getByRole("heading", { name: "first" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "first" }).waitFor();
    expect(await selectedView(page)).toContain("Source");
    // A view is no step of its own: back is the mail before.
    await page.goBack();
    await page.getByRole("heading", { name: "second" }).waitFor();
    await page.goForward();
    await page.getByRole("heading", { name: "first" }).waitFor();
    await page.close();
  });

  test("is titled after what is open", async () => {
    await using ftp = await startFtp({ files: { "in/a %2F.txt": "a" } });
    await using kit = await startCompareFixture({ files: ftp, label: "staging" });
    kit.recorder.record(3, "C", "NOOP", Date.now());
    const { id } = await kit.arrive(htmlLetter("An order", "<p>1</p>"));
    const { page } = await visit(browser, kit.dashboard.url);
    await titled(page, "(1) Mail · staging");
    for (const [address, title] of [
      [`mail/${id}`, "An order · staging"],
      ["files", "Files · staging"],
      ["files/in/", "in · staging"],
      ["files/in/a%20%252F.txt", "a %2F.txt · staging"],
      ["wire", "Wire · staging"],
      ["wire/smtp-3", "SMTP connection #3 · staging"],
      ["compare", "Compare · staging"],
      ["compare/udp", "UDP · staging"],
      ["mail", "Mail · staging"],
    ]) {
      await page.goto(`${kit.dashboard.url}/#/${address}`);
      await titled(page, title!);
      await page.reload();
      await titled(page, title!);
    }
    await page.goBack();
    await titled(page, "UDP · staging");
    await page.close();
  });
});

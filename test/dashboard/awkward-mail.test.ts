import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, needsBrowser, rows, visitWith } from "./browser.ts";
import { letter, startFixture } from "./fixture.ts";

const people = Array.from({ length: 120 }, (_, index) => `person${index}@example.com`);
const crowd = `From: a@example.com\r\nTo: ${people.join(",\r\n ")}\r\nSubject: ${"W".repeat(900)}\r\n\r\nText\r\n`;

describe("the page, with mails nobody would lay out", needsBrowser, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  test.each([1280, 360])("%i px: a crowd of recipients leaves room for the mail", async (width) => {
    await using kit = await startFixture();
    const { page } = await visitWith(browser, kit, crowd);
    await page.setViewportSize({ width, height: 740 });
    await rows(page).first().click();
    const text = page.getByRole("tab", { name: "Text" });
    await text.waitFor();
    expect((await text.boundingBox())!.y).toBeLessThan(500);
    await text.click();
    const to = page.locator(".people div", { hasText: "To" }).last();
    expect(await to.textContent()).toMatch(/person7@example\.com\s+and 112 more\s*$/);
    await page.getByRole("button", { name: "and 112 more" }).press("Enter");
    expect(await to.textContent()).toMatch(/person119@example\.com\s+fewer\s*$/);
    expect((await text.boundingBox())!.y).toBeLessThan(500);
    await page.close();
  });

  test("a long conversation scrolls in its view, and the page stays as high as the window", async () => {
    await using kit = await startFixture();
    for (let index = 0; index < 200; index += 1) kit.recorder.record(1, "C", `NOOP ${index}`, Date.now());
    const mail = await kit.arrive("Subject: x\r\n\r\nText\r\n", {
      session: { transcript: kit.recorder.list(), flags: [] },
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 740 } });
    await page.goto(`${kit.dashboard.url}/#/mail/${mail.id}`);
    await page.getByRole("tab", { name: "Conversation" }).click();
    await page.locator(".conversation li").nth(199).waitFor();
    expect(await page.evaluate("document.documentElement.scrollHeight")).toBe(740);
    await page.close();
  });

  test("a narrow window: Escape leads back to the mail in the list, and the next one opens in the same view", async () => {
    await using kit = await startFixture();
    const { page } = await visitWith(browser, kit, letter("first"), letter("second"), letter("third"));
    await page.setViewportSize({ width: 360, height: 740 });
    for (const key of ["j", "j", "Enter"]) await page.keyboard.press(key);
    await page.getByRole("tab", { name: "Headers" }).click();
    await page.keyboard.press("Escape");
    const focused = page.locator(".mails a:focus .subject");
    await focused.waitFor();
    expect(await focused.textContent()).toBe("second");
    for (const key of ["j", "Enter"]) await page.keyboard.press(key);
    await page.getByRole("heading", { name: "first" }).waitFor();
    expect(await page.getByRole("tab", { selected: true }).textContent()).toContain("Headers");
    await page.close();
  });
});

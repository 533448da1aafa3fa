import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, needsBrowser, rows, visit, visitWith } from "./browser.ts";
import { startFilesFixture } from "./files-fixture.ts";
import { letter, startFixture } from "./fixture.ts";

/** Until the focus is on this file. */
const onFile = (page: Page, path: string) => page.locator(`[data-file="${path}"]:focus`).waitFor();

describe("the focus, for those who use the keyboard alone", needsBrowser, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  test("goes on beside a file that was deleted, and with one that was renamed or made", async () => {
    await using kit = await startFilesFixture({ files: { "a.txt": "a", "b.txt": "b", "c.txt": "c" } });
    const { page } = await visit(browser, `${kit.dashboard.url}/#/files`);
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await page.locator('[data-file="/b.txt"]').focus();
    // The question is answered no, then yes.
    await press("Delete", "Enter");
    await onFile(page, "/b.txt");
    await press("Delete", "Tab", "Enter");
    await onFile(page, "/c.txt");
    await press("r");
    await page.keyboard.type("zebra");
    await press("Enter");
    await onFile(page, "/zebra.txt");
    await press("n");
    await page.keyboard.type("folder");
    await press("Enter");
    await onFile(page, "/folder");
    await press("j", "Enter");
    await page.getByRole("heading", { name: "a.txt" }).waitFor();
    await press("Delete", "Tab", "Enter");
    await onFile(page, "/zebra.txt");
    await press("Delete", "Tab", "Enter");
    await onFile(page, "/folder");
    await press("Delete", "Tab", "Enter");
    await page.locator(".crumbs a:focus").waitFor();
    await page.close();
  });

  test("goes into a folder, comes out of it where it went in, and back to a file that is closed", async () => {
    await using kit = await startFilesFixture({
      files: { "a.txt": "a", "in/deep/x.txt": "x", "in/y.txt": "y", "other/z.txt": "z" },
    });
    const { page } = await visit(browser, `${kit.dashboard.url}/#/files/in/`);
    await page.locator('[data-file="/in/deep"]').waitFor();
    // Nobody has pressed anything yet, and the page takes no focus by itself.
    expect(await page.evaluate("document.activeElement === document.body")).toBe(true);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await onFile(page, "/in/deep/x.txt");
    await page.keyboard.press("Backspace");
    await onFile(page, "/in/deep");
    await page.keyboard.press("Backspace");
    await onFile(page, "/in");
    await page.goto(`${kit.dashboard.url}/#/files/a.txt`);
    await page.getByRole("heading", { name: "a.txt" }).waitFor();
    await page.getByRole("link", { name: "Close the file" }).press("Enter");
    await onFile(page, "/a.txt");
    await page.close();
  });

  test("is not hidden below the head of the table when one goes up", async () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`${100 + at}.txt`, "x"]));
    await using kit = await startFilesFixture({ files });
    const { page } = await visit(browser, `${kit.dashboard.url}/#/files`);
    await page.locator('[data-file="/159.txt"]').focus();
    let hidden = 0;
    for (let at = 0; at < 40; at += 1) {
      await page.keyboard.press("k");
      hidden += await page.evaluate<number>(`(() => {
        const { bottom } = document.querySelector(".entries th").getBoundingClientRect();
        return Number(document.activeElement.getBoundingClientRect().top < bottom);
      })()`);
    }
    await onFile(page, "/119.txt");
    expect(hidden).toBe(0);
    await page.close();
  });

  test("goes through the connections of Wire, which can be held", async () => {
    await using kit = await startFixture();
    const { page } = await visit(browser, `${kit.dashboard.url}/#/wire`);
    for (const connection of [1, 2]) kit.recorder.record(connection, "C", `EHLO c${connection}`, connection);
    await page.locator("[data-connection=smtp-1]").waitFor();
    for (const [key, heading] of [
      ["j", "Everything"],
      ["j", "Connection #2"],
      ["j", "Connection #1"],
      ["k", "Connection #2"],
    ]) {
      await page.keyboard.press(key!);
      await page.getByRole("heading", { name: heading! }).waitFor();
    }
    await page.locator("[data-connection=smtp-2]:focus").waitFor();
    await page.keyboard.press("h");
    await page.getByRole("button", { name: "Go on" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "Everything" }).waitFor();
    await page.close();
  });

  test("in a long text lets the arrows scroll, and elsewhere go through the mails", async () => {
    await using kit = await startFixture();
    const { page } = await visitWith(browser, kit, letter("first"), letter("long", "line\n".repeat(400)));
    await rows(page).first().click();
    await page.locator(".view pre").focus();
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => page.evaluate("document.querySelector('.view').scrollTop")).toBeGreaterThan(0);
    expect(await page.locator(".head h1").textContent()).toBe("long");
    await rows(page).first().focus();
    await page.keyboard.press("ArrowDown");
    await page.getByRole("heading", { name: "first" }).waitFor();
    await page.close();
  });

  test("goes on at the same button of the next mail, and at the tags that are left", async () => {
    await using kit = await startFixture();
    const { page } = await visitWith(browser, kit, letter("one"), letter("two"));
    await rows(page).first().click();
    await page.getByRole("button", { name: "Delete", exact: true }).press("Enter");
    await page.getByRole("heading", { name: "one" }).waitFor();
    await page.locator(".head [aria-label=Delete]:focus").waitFor();
    const addTag = page.locator(".tags .add:focus");
    await page.getByRole("button", { name: "Add tag" }).press("Enter");
    await page.keyboard.type("urgent");
    await page.keyboard.press("Enter");
    await addTag.waitFor();
    await page.getByRole("button", { name: "Remove the tag urgent" }).press("Enter");
    await addTag.waitFor();
    await page.close();
  });
});

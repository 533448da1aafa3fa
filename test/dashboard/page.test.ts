import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, listSays, needsBrowser, rows, subjects, visit, visitWith } from "./browser.ts";
import { htmlLetter, letter, startFixture } from "./fixture.ts";

describe("the page", needsBrowser, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  test("lives under a webroot as well", async () => {
    await using kit = await startFixture({ webroot: "/tools/mail/", label: "staging" });
    const { id } = await kit.arrive(htmlLetter("hello", "<p id=hi>hi</p>"));
    const { page, complaints } = await visit(browser, kit.dashboard.url);
    expect(page.url()).toBe(`${kit.dashboard.url}/`);
    await rows(page).first().click();
    await page.frameLocator(".stage iframe").locator("#hi").waitFor();
    expect(await page.title()).toMatch(/staging$/);
    await page.goto(`${kit.dashboard.url}/view/${id}`);
    await page.locator(".head h1", { hasText: "hello" }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("searches, marks, tags and deletes", async () => {
    await using kit = await startFixture();
    const { page, complaints } = await visitWith(
      browser,
      kit,
      letter("Invoice 1"),
      letter("Welcome"),
      letter("Invoice 2"),
    );
    await page.getByRole("searchbox").fill("subject:invoice");
    await listSays(page, "2 mails found");
    expect(await subjects(page)).toEqual(["Invoice 2", "Invoice 1"]);
    // A mail that fits the search comes in as well; one that does not, does not.
    await kit.arrive(letter("Invoice 3"));
    await kit.arrive(letter("Nonesuch"));
    await listSays(page, "3 mails found");
    await page.getByRole("searchbox").fill("after:nonsense");
    await page.locator("#search-error", { hasText: /./ }).waitFor();
    await page.getByRole("searchbox").fill("");
    await listSays(page, "5 mails");

    await rows(page).filter({ hasText: "Welcome" }).click();
    await page.getByRole("button", { name: "Add tag" }).click();
    await page.getByRole("textbox", { name: "New tag" }).fill("onboarding");
    await page.keyboard.press("Enter");
    await page.locator(".tag-row").getByRole("button", { name: "onboarding" }).click();
    await listSays(page, "1 mail found");
    await page.getByRole("button", { name: "Delete all" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await listSays(page, "0 mails found");
    await page.getByRole("searchbox").fill("");
    await listSays(page, "4 mails");
    await page.getByRole("button", { name: "Mark all read" }).click();
    await page.locator(".bar .badge").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Delete all" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("Waiting for the first mail").waitFor();
    // Only the search that cannot be understood was refused.
    expect(complaints.filter((complaint) => !complaint.includes("400"))).toEqual([]);
    await page.close();
  });

  test("is used with the keyboard alone", async () => {
    await using kit = await startFixture();
    const { page, mails } = await visitWith(browser, kit, letter("one"), letter("two"), letter("three"));
    const title = (subject: string) => page.locator(".head h1", { hasText: subject }).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await title("two");
    await page.keyboard.press("k");
    await title("three");
    await page.keyboard.press("Delete");
    await title("two");
    expect(await subjects(page)).toEqual(["two", "one"]);
    await page.locator("[data-mail]:not(.unread)", { hasText: "two" }).waitFor();
    await page.keyboard.press("u");
    await page.locator("[data-mail].unread", { hasText: "two" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("one");
    await listSays(page, "1 mail found");
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    // Keys mean the dialog while it is open.
    await page.keyboard.press("Delete");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "hidden" });
    await page.keyboard.press("Escape");
    await page.locator(".head").waitFor({ state: "detached" });
    expect((await kit.mailbox.count()).total).toBe(2);
    expect(await kit.mailbox.get(mails[1]!.id)).toBeDefined();
    await page.close();
  });

  test("shows HTML, text, files, links, headers and source", async () => {
    await using kit = await startFixture();
    const picture =
      "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC";
    await kit.call("/send", {
      method: "POST",
      body: JSON.stringify({
        From: { Email: "bob@example.com", Name: "Bob" },
        To: [{ Email: "ann@example.com" }],
        Bcc: ["dora@example.com"],
        Subject: "All of it",
        Text: "the plain text, code 493 817",
        HTML: '<p id="hello">the <b>rich</b> text</p><img src="cid:dot"><a href="https://example.com/x">go</a>',
        Headers: { "X-Odd": "grün" },
        Attachments: [
          { Content: picture, Filename: "dot.png", ContentID: "dot" },
          { Content: Buffer.from("bytes").toString("base64"), Filename: "notes.txt" },
        ],
      }),
    });
    const { page, complaints } = await visit(browser, kit.dashboard.url);
    await rows(page).first().click();
    const frame = page.frameLocator(".stage iframe");
    expect(await frame.locator("#hello").textContent()).toBe("the rich text");
    expect(
      await frame.locator("img").evaluate((img) => (img as unknown as { naturalWidth: number }).naturalWidth),
    ).toBe(10);
    for (const [name, width] of [
      ["Phone", 375],
      ["Tablet", 768],
    ] as const) {
      await page.getByRole("button", { name }).click();
      await page.waitForFunction(
        (wanted) =>
          Math.round(
            (
              globalThis as unknown as {
                document: { querySelector(s: string): { getBoundingClientRect(): { width: number } } };
              }
            ).document
              .querySelector(".stage iframe")
              .getBoundingClientRect().width,
          ) === wanted,
        width,
      );
    }
    expect(await page.locator(".people").textContent()).toMatch(/Bcc.*dora@example.com/s);
    const view = page.getByRole("tabpanel");
    for (const [tab, words] of [
      ["Text", "the plain text, code 493 817"],
      ["Files", "notes.txt"],
      ["Links", "https://example.com/x"],
      ["Headers", "grün"],
      ["Source", "MIME-Version: 1.0"],
      ["Conversation", "This mail came over REST"],
    ] as const) {
      await page.getByRole("tab", { name: tab }).click();
      await view.getByText(words).first().waitFor();
    }
    await page.getByRole("tab", { name: "Files" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download notes.txt" }).click();
    expect((await download).suggestedFilename()).toBe("notes.txt");
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("goes to a mail by its address, and says when it is not there", async () => {
    await using kit = await startFixture();
    const { id } = await kit.arrive(htmlLetter("linked", "<p>hi</p>"));
    const { page } = await visit(browser, `${kit.dashboard.url}/view/${id}`);
    await page.locator(".head h1", { hasText: "linked" }).waitFor();
    await page.goto(`${kit.dashboard.url}/#/mail/nonesuch`);
    await page.getByText("This mail is not here").waitFor();
    await page.close();
  });
});

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDashboard } from "../../servers/dashboard/index.ts";
import { startSmtp } from "../../servers/smtp/index.ts";
import { needs, python, runTool } from "../peers/tools.ts";
import { complaintsOf, launch, needsBrowser } from "./browser.ts";
import { htmlLetter, letter, startFixture, type Fixture } from "./fixture.ts";

describe("the page", needsBrowser, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  async function visit(url: string): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const complaints = complaintsOf(page);
    await page.goto(url);
    return { page, complaints };
  }

  const rows = (page: Page) => page.locator(".mails a[data-mail]");
  const subjects = (page: Page) => page.locator(".mails .subject").allTextContents();

  const status = (page: Page, words: string) =>
    page.locator(".tools [role=status]").getByText(words, { exact: true }).waitFor();

  /** Open the page with these mails in the box, the first one arrived first. */
  async function visitWith(kit: Fixture, ...raws: string[]) {
    const mails = [];
    for (const raw of raws) mails.push(await kit.arrive(raw));
    const visited = await visit(kit.dashboard.url);
    await rows(visited.page)
      .nth(raws.length - 1)
      .waitFor();
    return { ...visited, mails };
  }

  const ways = [
    ["curl", "/bin/bash", ["-s"], needs("curl")],
    ["swaks", "/bin/bash", ["-s"], needs("swaks")],
    ["Node", process.execPath, ["--input-type=module", "-"], { skip: false }],
    ["Python", python, ["-"], needs(python)],
  ] as const;
  for (const [way, program, args, isThere] of ways) {
    test(`shows the mail that its lines for ${way} send, without reload`, isThere, async () => {
      await using smtp = await startSmtp();
      await using dashboard = await startDashboard({ mail: smtp });
      const { page, complaints } = await visit(dashboard.url);
      await page.getByText("Waiting for the first mail").waitFor();
      expect(await page.locator(".empty .address code").textContent()).toBe(smtp.url);
      await page.getByRole("tab", { name: way }).click();
      await runTool(program, args, { input: (await page.locator(".ways pre").textContent()) ?? "" });
      await rows(page).first().waitFor();
      expect(await subjects(page)).toEqual(["Hello"]);
      const { flags } = (await smtp.mailbox.get("latest"))!.session;
      expect(flags.filter((flag) => /\bLF\b/.test(flag))).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    });
  }

  test(
    "shows the conversation that brought a mail, and conversations as they go on",
    needs(python),
    async () => {
      await using smtp = await startSmtp();
      await using dashboard = await startDashboard({ mail: smtp });
      const talk = (lines: string) =>
        runTool(python, ["-"], {
          input: `import smtplib\nsmtp = smtplib.SMTP("127.0.0.1", ${smtp.port})\n${lines}`,
        });
      const { page, complaints } = await visit(dashboard.url);
      await talk(
        'smtp.sendmail("app@example.com", "ann@example.com", "Subject: Hello\\r\\n\\r\\nx")\nsmtp.quit()',
      );
      await rows(page).first().click();
      await page.getByRole("tab", { name: "Conversation" }).click();
      const said = page.locator(".conversation");
      await said.waitFor();
      expect(await said.textContent()).toMatch(
        /220 .*ehlo .*mail FROM:<app@example.com>.*rcpt TO:<ann@example.com>/s,
      );
      expect(await page.locator(".session .headers").textContent()).toMatch(
        /<app@example.com>.*127\.0\.0\.1:\d+/s,
      );
      await page.locator(".bar .badge").waitFor({ state: "detached" });

      await page.getByRole("link", { name: "Wire" }).click();
      const log = page.getByRole("log");
      await log.getByText("221").waitFor();
      await talk('smtp.docmd("NOOP", "still-here")');
      await log.getByText("NOOP still-here").waitFor();
      await page.getByRole("button", { name: "Hold" }).click();
      await talk('smtp.docmd("NOOP", "later")');
      await page.getByRole("button", { name: "Go on" }).click();
      await log.getByText("NOOP later").waitFor();
      // The second connection alone: what was said on the others is not there.
      await page.getByRole("link", { name: /^#2/ }).first().click();
      await page.getByRole("heading", { name: "Connection #2" }).waitFor();
      await log.getByText("NOOP still-here").waitFor();
      expect(await log.textContent()).not.toMatch(/ann@example.com|NOOP later/);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test("lives under a webroot as well", async () => {
    await using kit = await startFixture({ webroot: "/tools/mail/", label: "staging" });
    const { id } = await kit.arrive(htmlLetter("hello", "<p id=hi>hi</p>"));
    const { page, complaints } = await visit(kit.dashboard.url);
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
      kit,
      letter("Invoice 1"),
      letter("Welcome"),
      letter("Invoice 2"),
    );
    await page.getByRole("searchbox").fill("subject:invoice");
    await status(page, "2 mails found");
    expect(await subjects(page)).toEqual(["Invoice 2", "Invoice 1"]);
    // A mail that fits the search comes in as well; one that does not, does not.
    await kit.arrive(letter("Invoice 3"));
    await kit.arrive(letter("Nonesuch"));
    await status(page, "3 mails found");
    await page.getByRole("searchbox").fill("after:nonsense");
    await page.locator("#search-error", { hasText: /./ }).waitFor();
    await page.getByRole("searchbox").fill("");
    await status(page, "5 mails");

    await rows(page).filter({ hasText: "Welcome" }).click();
    await page.getByRole("button", { name: "Add tag" }).click();
    await page.getByRole("textbox", { name: "New tag" }).fill("onboarding");
    await page.keyboard.press("Enter");
    await page.locator(".tag-row").getByRole("button", { name: "onboarding" }).click();
    await status(page, "1 mail found");
    await page.getByRole("button", { name: "Delete all" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await status(page, "0 mails found");
    await page.getByRole("searchbox").fill("");
    await status(page, "4 mails");
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
    const { page, mails } = await visitWith(kit, letter("one"), letter("two"), letter("three"));
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
    await status(page, "1 mail found");
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
    const { page, complaints } = await visit(kit.dashboard.url);
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

  test("keeps its place in the list and comes back after the server was away", async () => {
    await using kit = await startFixture();
    const { page } = await visitWith(kit, letter("before"));
    await page.getByText("Live").waitFor();
    const { port } = kit.dashboard;
    await kit.dashboard.close();
    await page.getByText("Not connected").waitFor();
    await kit.arrive(letter("while away"));
    const { mailbox, recorder: transcript } = kit;
    const inbox = () => ({ address: "", user: "", password: "" });
    await using _again = await startDashboard({
      port,
      mail: { mailbox, transcript, url: "smtp://127.0.0.1:1", inbox },
    });
    await rows(page).nth(1).waitFor();
    expect(await subjects(page)).toEqual(["while away", "before"]);
    await page.close();
  });

  test("opens in eight tabs: one holds the stream, another takes over", async () => {
    await using kit = await startFixture();
    await kit.arrive(letter("first"));
    const context = await browser.newContext();
    const pages: Page[] = [];
    // A browser opens six connections to a server; a stream in each tab would leave none for the seventh.
    for (let index = 0; index < 8; index += 1) {
      const page = await context.newPage();
      await page.goto(kit.dashboard.url);
      await rows(page).first().waitFor();
      await page.getByText("Live", { exact: true }).waitFor();
      pages.push(page);
    }
    await kit.arrive(letter("second"));
    for (const page of pages) await rows(page).nth(1).waitFor();
    expect(await pages[7]!.title()).toBe("(2) Portside");
    await pages[0]!.close();
    await kit.arrive(letter("third"));
    for (const page of pages.slice(1)) await rows(page).nth(2).waitFor();
    await context.close();
  });

  test("takes a thousand mails at once, and shows further ones as one scrolls", async () => {
    await using kit = await startFixture();
    const { page, complaints } = await visitWith(kit, letter("first"));
    for (let index = 0; index < 1000; index += 1) await kit.arrive(letter(`burst ${index}`));
    await status(page, "1,001 mails");
    await page.locator(".subject", { hasText: /^burst 999$/ }).waitFor();
    const before = await rows(page).count();
    await page.locator(".mails").evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await rows(page).nth(before).waitFor();
    expect(new Set(await subjects(page)).size).toBe(await rows(page).count());
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("goes to a mail by its address, and says when it is not there", async () => {
    await using kit = await startFixture();
    const { id } = await kit.arrive(htmlLetter("linked", "<p>hi</p>"));
    const { page } = await visit(`${kit.dashboard.url}/view/${id}`);
    await page.locator(".head h1", { hasText: "linked" }).waitFor();
    await page.goto(`${kit.dashboard.url}/#/mail/nonesuch`);
    await page.getByText("This mail is not here").waitFor();
    await page.close();
  });
});

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDashboard } from "../../servers/dashboard/index.ts";
import { startSmtp } from "../../servers/smtp/index.ts";
import { needs, python, runTool } from "../peers/tools.ts";
import { launch, listSays, needsBrowser, rows, subjects, visit, visitWith } from "./browser.ts";
import { letter, startFixture } from "./fixture.ts";

describe("the page, live", needsBrowser, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

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
      const { page, complaints } = await visit(browser, dashboard.url);
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
      const { page, complaints } = await visit(browser, dashboard.url);
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

  test("shows a mail that came between its first list and its stream", async () => {
    await using kit = await startFixture();
    const page = await browser.newPage();
    await page.route("**/api/v1/stream*", async (route) => {
      await page.getByText("Waiting for the first mail").waitFor();
      await kit.arrive(letter("in between"));
      await route.continue();
    });
    await page.goto(kit.dashboard.url);
    await rows(page).first().waitFor();
    expect(await subjects(page)).toEqual(["in between"]);
    await page.close();
  });

  test("keeps its place in the list and comes back after the server was away", async () => {
    await using kit = await startFixture();
    const { page } = await visitWith(browser, kit, letter("before"));
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
    expect(await pages[7]!.title()).toBe("(2) Mail · Portside");
    await pages[0]!.close();
    await kit.arrive(letter("third"));
    for (const page of pages.slice(1)) await rows(page).nth(2).waitFor();
    await context.close();
  });

  test("takes a thousand mails at once, and shows further ones as one scrolls", async () => {
    await using kit = await startFixture();
    const { page, complaints } = await visitWith(browser, kit, letter("first"));
    for (let index = 0; index < 1000; index += 1) await kit.arrive(letter(`burst ${index}`));
    await listSays(page, "1,001 mails");
    await page.locator(".subject", { hasText: /^burst 999$/ }).waitFor();
    const before = await rows(page).count();
    await page.locator(".mails").evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await rows(page).nth(before).waitFor();
    expect(new Set(await subjects(page)).size).toBe(await rows(page).count());
    expect(complaints).toEqual([]);
    await page.close();
  });
});

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, needsBrowser, visit } from "./browser.ts";
import { Recorder } from "../../wire/transcript.ts";
import { faceOf, startCompareFixture } from "./compare-fixture.ts";
import { startFixture } from "./fixture.ts";

describe("the page, while the server is started anew", needsBrowser, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  test("Wire shows what the new server hears, whose count begins at 1 again", async () => {
    const before = await startFixture();
    for (let index = 0; index < 20; index += 1) before.recorder.record(1, "C", `NOOP ${index}`, Date.now());
    const { page } = await visit(browser, `${before.dashboard.url}/#/wire/all`);
    const log = page.getByRole("log");
    await log.getByText("NOOP 19").waitFor();
    const { port } = before.dashboard;
    await before[Symbol.asyncDispose]();
    await page.getByText("Not connected").waitFor();

    await using after = await startFixture({ port });
    after.recorder.record(1, "C", "NOOP anew", Date.now());
    await log.getByText("NOOP anew").waitFor();
    expect(await log.textContent()).not.toContain("NOOP 19");
    after.recorder.record(1, "C", "NOOP and on", Date.now());
    await log.getByText("NOOP and on").waitFor();
    expect(await log.textContent()).toContain("NOOP anew");
    await page.close();
  });

  test("Wire shows the new server from its first line on, when it has said more than the one before", async () => {
    const before = await startFixture();
    for (let index = 1; index <= 20; index += 1) before.recorder.record(1, "C", `NOOP ${index}`, index);
    const { page } = await visit(browser, `${before.dashboard.url}/#/wire/all`);
    const log = page.getByRole("log");
    await log.getByText("NOOP 20").waitFor();
    const { port } = before.dashboard;
    await before[Symbol.asyncDispose]();
    await page.getByText("Not connected").waitFor();

    // Both servers have said as much by the time that the page is back.
    const recorder = new Recorder("smtp", 1000);
    for (let index = 1; index <= 40; index += 1) recorder.record(1, "C", `HELP ${index}`, 1000 + index);
    await using after = await startFixture({ port }, recorder);
    await log.getByText("HELP 40").waitFor();
    expect(await log.getByText("HELP 1", { exact: true }).count()).toBe(1);
    expect(await log.textContent()).not.toContain("NOOP");
    // Looking elsewhere and back misses nothing and repeats nothing.
    await page.getByRole("link", { name: "Mail", exact: true }).click();
    after.recorder.record(1, "C", "HELP and on", 2000);
    await page.getByRole("link", { name: "Wire" }).click();
    await log.getByText("HELP and on").waitFor();
    expect(await log.getByText(/^HELP/).count()).toBe(41);
    await page.close();
  });

  test("Compare shows what the new server says", async () => {
    const before = await startCompareFixture();
    const { page } = await visit(browser, `${before.dashboard.url}/#/compare`);
    const say = async (message: string) => {
      await page.getByLabel("Message").fill(message);
      await page.keyboard.press("Enter");
      const length = `For a message of ${message.length} bytes`;
      await page.locator(".sum", { hasText: length }).waitFor();
    };
    await say("Ahoi");
    await page.locator(".list .took").nth(6).waitFor();
    const { port } = before.dashboard;
    await before[Symbol.asyncDispose]();
    await page.getByText("Not connected").waitFor();

    await using _after = await startCompareFixture({ port });
    await page.getByText("Live", { exact: true }).waitFor();
    await say("Ahoi again");
    await page.close();
  });

  test("a message that was under way has an end, and the next one can be sent", async () => {
    const before = await startFixture({ compare: faceOf(() => new Promise(() => {})) });
    const { page } = await visit(browser, `${before.dashboard.url}/#/compare`);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Send" }).click();
    await page.locator(".list .up").waitFor();
    const { port } = before.dashboard;
    await before[Symbol.asyncDispose]();
    await page.getByText("It went wrong: the server is gone").waitFor();

    await using _after = await startFixture({ port, compare: faceOf(async () => 1) });
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("For a message of 5 bytes").waitFor();
    await page.close();
  });
});

import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTicker, type TickerServer } from "portside/servers/websocket";
import { launch, needsBrowser, visit } from "../../dashboard/browser.ts";
import { tooFaint } from "../../dashboard/contrast.ts";

// Pictures of every view, for a person to look at: `PORTSIDE_SCREENSHOTS` names the folder.
const folder = process.env["PORTSIDE_SCREENSHOTS"] ?? join(tmpdir(), "portside-screenshots");

const stepped = { clock: "stepped", historyMs: 60_000 } as const;
const symbolsOf = (page: Page): Promise<string[]> => page.locator("tr[data-symbol] th").allTextContents();

/** Until the page shows the server's book: by its number, and by its checksum. */
async function expectSameBook(page: Page, server: TickerServer, symbol: string): Promise<void> {
  const { sequence, checksum } = server.book(symbol);
  await page.locator(`[data-sequence]:text-is("${sequence}")`).waitFor();
  expect(await page.locator("[data-checksum]").textContent()).toBe(checksum);
  await page.getByText("in step with the server").waitFor();
}

describe("the page of the ticker", needsBrowser, () => {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    browser = await launch();
  });
  afterAll(() => browser.close());

  test("has a table that moves, and a book that checks out", async () => {
    await using server = await startTicker(stepped);
    const { page, complaints } = await visit(browser, `${server.url}/`);
    await expectSameBook(page, server, "BTCUSDT");
    const last = page.locator('tr[data-symbol="ETHUSDT"] .last');
    const before = await last.textContent();
    await page.locator('tr[data-symbol="ETHUSDT"] polyline').waitFor({ state: "attached" });
    for (let second = 0; second < 5; second++) await server.step(1_000);
    await expectSameBook(page, server, "BTCUSDT");
    await expect.poll(() => last.textContent()).not.toBe(before);
    await page.locator('tr[data-symbol="ETHUSDT"]').click();
    await expectSameBook(page, server, "ETHUSDT");
    await expect.poll(() => page.locator(".trades tr").count()).toBeGreaterThan(5);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("goes by itself when the clock does", async () => {
    await using server = await startTicker({ symbols: ["BTCUSDT"] });
    const { page } = await visit(browser, `${server.url}/`);
    const shown = page.locator("[data-sequence]");
    const first = Number(await shown.textContent());
    await expect
      .poll(async () => Number(await shown.textContent()), { timeout: 10_000 })
      .toBeGreaterThan(first + 20);
    await page.close();
  });

  test("is searched, sorted and walked through by keyboard", async () => {
    await using server = await startTicker(stepped);
    const { page } = await visit(browser, `${server.url}/`);
    await page.locator("tr[data-symbol]").nth(11).waitFor();
    const all = await symbolsOf(page);
    expect(all).toEqual(all.toSorted());
    await page.keyboard.press("/");
    await page.keyboard.type("do");
    await page.locator("tr[data-symbol]").nth(2).waitFor({ state: "detached" });
    expect(await symbolsOf(page)).toEqual(["DOGEUSDT", "DOTUSDT"]);
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.getByRole("heading", { name: "DOTUSDT" }).waitFor();
    await expectSameBook(page, server, "DOTUSDT");
    await page.keyboard.press("Escape");
    await page.keyboard.press("2");
    await page.locator("th.last[aria-sort=descending]").waitFor();
    expect((await symbolsOf(page))[0]).toBe("BTCUSDT");
    await page.keyboard.press("2");
    await page.locator("th.last[aria-sort=ascending]").waitFor();
    expect((await symbolsOf(page)).at(-1)).toBe("BTCUSDT");
    await page.close();
  });

  test("keeps the chosen row in sight in a low window, and says in plain words what is counted", async () => {
    await using server = await startTicker(stepped);
    const page = await browser.newPage({ viewport: { width: 1280, height: 360 } });
    await page.goto(`${server.url}/`);
    await page.locator("tr[data-symbol]").nth(11).waitFor();
    let hidden = 0;
    for (const key of [...Array(11).fill("ArrowDown"), ...Array(11).fill("ArrowUp")]) {
      await page.keyboard.press(key);
      hidden += await page.evaluate<number>(`(() => {
        const row = document.querySelector("tr[aria-selected=true]").getBoundingClientRect();
        return Number(row.top < document.querySelector(".quotes thead th").getBoundingClientRect().bottom - 1);
      })()`);
    }
    await page.locator('tr[data-symbol="ADAUSDT"][aria-selected=true]').waitFor();
    expect(hidden).toBe(0);
    expect(await page.locator(".counters").textContent()).toMatch(
      /^[\d,]+ sent · 0 skipped for slow readers · 0 cut off$/,
    );
    await page.close();
  });

  test("goes back from a book to its symbol, in a narrow window", async () => {
    await using server = await startTicker(stepped);
    const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    await page.goto(`${server.url}/`);
    const symbol = page.locator('tr[data-symbol="ETHUSDT"] button');
    for (const goBack of [
      () => page.getByRole("button", { name: "Back to the table" }).press("Enter"),
      () => page.keyboard.press("Escape"),
    ]) {
      await symbol.press("Enter");
      await expectSameBook(page, server, "ETHUSDT");
      await goBack();
      await page.locator('tr[data-symbol="ETHUSDT"] button:focus').waitFor();
    }
    await page.close();
  });

  test("shows how a fault is noticed, and comes back after a cut", async () => {
    await using server = await startTicker(stepped);
    const { page } = await visit(browser, `${server.url}/`);
    await expectSameBook(page, server, "BTCUSDT");
    await page.getByText("What can go wrong").click();
    await page.getByRole("button", { name: "Cross the book" }).click();
    await page.getByText("the checksum does not fit").waitFor();
    await server.step(1_000);
    await page.locator('[data-lost]:text-is("1")').waitFor();
    await expectSameBook(page, server, "BTCUSDT");
    expect(server.dropConnection(1, "rst")).toBe(true);
    await page.getByText("Not connected").waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    await server.step(1_000);
    await expectSameBook(page, server, "BTCUSDT");
    await page.close();
  });

  test.each([
    ["light", 1280],
    ["light", 360],
    ["dark", 1280],
    ["dark", 360],
  ] as const)("%s, %i px: everything fits and can be read", async (colorScheme, width) => {
    await using server = await startTicker(stepped);
    const page = await browser.newPage({
      viewport: { width, height: 800 },
      colorScheme,
      reducedMotion: "reduce",
    });
    const look = async (name: string): Promise<void> => {
      await page.screenshot({ path: join(folder, `ticker-${name}-${colorScheme}-${width}.png`) });
      expect(await page.evaluate("document.documentElement.scrollWidth"), `${name} is too wide`).toBe(width);
      expect(await tooFaint(page), `${name} is too faint`).toEqual([]);
    };
    await page.goto(`${server.url}/`);
    await page.locator("tr[data-symbol] polyline").nth(11).waitFor({ state: "attached" });
    await server.step(1_000);
    await look("table");
    if (width < 760) await page.locator('tr[data-symbol="ETHUSDT"]').click();
    await expectSameBook(page, server, width < 760 ? "ETHUSDT" : "BTCUSDT");
    await look("book");
    await page.close();
  });
});

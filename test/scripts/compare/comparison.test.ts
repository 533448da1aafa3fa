import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Comparison } from "../../../scripts/compare/comparison.ts";
import { comparisonText } from "../../../scripts/compare/text.ts";
import { transports } from "../../../scripts/compare/transports.ts";
import { launch, needsBrowser } from "../../dashboard/browser.ts";
import { runTool } from "../../peers/tools.ts";

const command = new URL("../../../scripts/portside.ts", import.meta.url).pathname;

describe("npm run compare", () => {
  let folder: string;
  let html: string;
  let comparison: Comparison;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "portside-compare-"));
    html = join(folder, "compare.html");
    const args = [command, "compare", "--quick", "--json", "--html", html];
    const { stdout } = await runTool(process.execPath, args);
    comparison = JSON.parse(stdout) as Comparison;
  }, 180_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("measures every transport, and finds what every machine finds", () => {
    expect(comparison.echoes.map(({ name }) => name)).toEqual(Object.keys(transports));
    const of = Object.fromEntries(comparison.echoes.map((echo) => [echo.name, echo]));
    for (const echo of comparison.echoes) {
      expect(echo.p50Ms).toBeGreaterThan(0);
      expect(echo.p99Ms).toBeGreaterThanOrEqual(echo.p50Ms);
      expect(echo.perSecond).toBeGreaterThan(0);
    }
    expect(of["ws-new"]!.perMessage.bytes).toBeGreaterThan(4 * of["ws"]!.perMessage.bytes);
    expect(of["http-kept"]!.perMessage.bytes).toBeGreaterThan(1.8 * of["ws"]!.perMessage.bytes);
    expect(of["udp"]!.perMessage.bytes).toBeLessThan(of["tcp"]!.perMessage.bytes);
    expect(of["tls-new"]!.p50Ms).toBeGreaterThan(of["tls"]!.p50Ms);
    const late = Object.fromEntries(comparison.pushes.map((push) => [push.name, push.late.p50]));
    expect(late["poll-1s"]).toBeGreaterThan(late["poll-100ms"]!);
    expect(late["poll-100ms"]).toBeGreaterThan(late["ws-push"]!);
  });

  test("prints a row for each of them", () => {
    const text = comparisonText(comparison);
    for (const { title } of Object.values(transports)) expect(text).toContain(title);
    expect(text).toContain("scripts/compare/echo/bare/websocket.ts");
  });

  test("writes a page that needs no network and no script", needsBrowser, async () => {
    // The code that it shows may have any of this; as text.
    const page = (await readFile(html, "utf8")).replaceAll(/<pre[^<]*<\/pre>/g, "");
    expect(page).not.toMatch(/<script|<link|(?:src|href)="(?!#)|url\(/i);
    const browser = await launch();
    try {
      for (const width of [360, 1000]) {
        const page = await browser.newPage({ viewport: { width, height: 800 } });
        const asked: string[] = [];
        page.on("request", (request) => asked.push(request.url()));
        await page.goto(pathToFileURL(html).href);
        expect(asked).toEqual([pathToFileURL(html).href]);
        expect(await page.locator("figure svg:visible").count()).toBe(5);
        const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect(overflow).toBeLessThanOrEqual(0);
        // From the table of complexity to the files themselves.
        const link = page.getByRole("link", { name: "scripts/compare/echo/bare/websocket.ts" });
        await link.press("Enter");
        const heading = page.getByRole("heading", { name: "scripts/compare/echo/bare/websocket.ts" });
        expect((await heading.boundingBox())!.y).toBeLessThan(100);
        const own = await readFile(
          new URL("../../../scripts/compare/echo/bare/websocket.ts", import.meta.url),
          "utf8",
        );
        expect(await heading.locator("+ pre").textContent()).toBe(own);
        const broken = await page.evaluate(
          "[...document.links].filter(({ hash }) => !document.getElementById(hash.slice(1))).length",
        );
        expect(broken).toBe(0);
        await page.close();
      }
    } finally {
      await browser.close();
    }
  });
});

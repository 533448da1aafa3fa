import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needs, runTool } from "../peers/tools.ts";
import { launch, needsBrowser } from "./browser.ts";
import { tooFaint } from "./contrast.ts";
import { picture, startFilesFixture } from "./files-fixture.ts";

// Pictures of every view, for a person to look at: `PORTSIDE_SCREENSHOTS` names the folder.
const folder = process.env["PORTSIDE_SCREENSHOTS"] ?? join(tmpdir(), "portside-screenshots");
const hasTools = { skip: needsBrowser.skip || needs("curl").skip };

describe("the look of the files", hasTools, () => {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    browser = await launch();
  });
  afterAll(() => browser.close());

  test.each([
    ["light", 1280],
    ["light", 360],
    ["dark", 1280],
    ["dark", 360],
  ] as const)("%s, %i px: everything fits and can be read", async (colorScheme, width) => {
    await using kit = await startFilesFixture({ ftpsPort: 0 });
    const page = await browser.newPage({ viewport: { width, height: 740 }, colorScheme });
    const look = async (name: string) => {
      await page.screenshot({ path: join(folder, `files-${name}-${colorScheme}-${width}.png`) });
      expect(await page.evaluate("document.documentElement.scrollWidth"), `${name} is too wide`).toBe(width);
      expect(await tooFaint(page), `${name} is too faint`).toEqual([]);
    };
    await page.goto(`${kit.dashboard.url}/#/files`);
    await page.getByText("Waiting for the first file").waitFor();
    await look("empty");

    const { files } = kit.ftp;
    await files.makeDirectory("in/2026");
    await files.write(
      "a-file-with-a-very-long-name-that-does-not-fit-into-the-column-of-names.tar.gz",
      "x".repeat(5_000),
    );
    await files.write("report.md", "# Report\n\nTotal: 12\n".repeat(40));
    await files.write("orders.csv", "id;total\n1;10\n");
    await files.write("sail.png", picture);
    const upload = (name: string, input: string, more: readonly string[] = []) =>
      runTool("curl", ["-sS", "-u", "ann:x", "-T", "-", ...more, `${kit.ftp.url}/${name}`], { input });
    await upload("in/first.xml", "<orders/>".repeat(2_000));
    await upload("in/second.xml", "<orders/>");
    await runTool("curl", ["-sS", "-u", "bob:x", "-o", "/dev/null", `${kit.ftp.url}/report.md`]);
    await kit.about("/content", "/from-rest.txt", { method: "PUT", body: "x" });
    await kit.about("", "/from-rest.txt", { method: "DELETE" });
    await page.locator('[data-file="/report.md"]').waitFor();
    await look("folder");
    // An upload whose answer is held back, and one that finds its name taken.
    await page.route(/files\/content\?path=%2Fslow/, () => {});
    await page.evaluate(`(() => {
      const transfer = new DataTransfer();
      for (const name of ["orders.csv", "slow.iso", "next.iso"]) transfer.items.add(new File(["x".repeat(9000)], name));
      document.querySelector(".drop").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
    })()`);
    await page.locator(".uploads .taken").waitFor();
    await page.locator(".uploads .running").waitFor();
    await look("uploads");
    await page.locator('[data-file="/report.md"]').click();
    await page.locator(".view .code").waitFor();
    await look("text");
    await page.goto(`${kit.dashboard.url}/#/files/sail.png`);
    await page.locator(".picture img").waitFor();
    await look("picture");
    await page.keyboard.press("r");
    await page.getByRole("dialog").waitFor();
    await look("rename");
    await page.keyboard.press("Escape");
    await page.goto(`${kit.dashboard.url}/#/files`);
    if (width === 360) await page.getByRole("button", { name: "Activity" }).click();
    await page.locator(".log li").first().waitFor();
    await look("activity");
    await page.goto(`${kit.dashboard.url}/#/wire/all`);
    await page.locator(".conversation").waitFor();
    await look("wire");
    if (width === 360) await page.goto(`${kit.dashboard.url}/#/wire`);
    await look("connections");
    await page.close();
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, needsBrowser, visit } from "../dashboard/browser.ts";
import { needs, runTool, scratch } from "../peers/tools.ts";
import { runServer } from "./spawned.ts";

describe("npm start, the files beside the mail", () => {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (!needsBrowser.skip) browser = await launch();
  });
  afterAll(() => browser?.close());

  test(
    "what is uploaded, renamed and deleted at its ftp address appears on the dashboard, live",
    { skip: needsBrowser.skip || needs("curl").skip },
    async () => {
      await using server = await runServer("start");
      expect(server.ready.ftp).toMatch(/^ftp:\/\/127\.0\.0\.1:\d+$/);
      const { page, complaints } = await visit(browser!, `${server.ready.inbox}/#/files`);
      await page.getByText("Waiting for the first file").waitFor();
      expect(await page.locator(".empty .address code").textContent()).toBe(server.ready.ftp);

      const curl = (...args: string[]) =>
        runTool("curl", ["-sS", "-u", "ann:x", ...args], { input: "one,two\n" });
      await curl("-T", "-", `${server.ready.ftp}/orders.csv`);
      const row = (path: string) => page.locator(`[data-file="${path}"]`);
      await row("/orders.csv").waitFor();
      await page.locator(".log").getByText("uploaded").waitFor();
      await page.locator(".log").getByText("ann").first().waitFor();
      await curl("-T", "-", `${server.ready.ftp}/kept.csv`);
      await row("/kept.csv").click();
      expect((await page.locator(".view pre").textContent())?.trim()).toBe("one,two");

      await curl("-Q", "RNFR orders.csv", "-Q", "RNTO done.csv", `${server.ready.ftp}/`);
      await row("/done.csv").waitFor();
      expect(await row("/orders.csv").count()).toBe(0);
      await curl("-Q", "DELE done.csv", `${server.ready.ftp}/`);
      await row("/done.csv").waitFor({ state: "detached" });
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test("--ftp, --ftp-root and --ftp-user are those of the file server", needs("curl"), async () => {
    using folder = scratch();
    folder.file("a.txt", "on the disk");
    const flags = ["--ftp", "[::1]:0", "--ftp-root", folder.path, "--ftp-user", "ann:secret"];
    await using server = await runServer("start", flags);
    expect(server.ready.ftp).toMatch(/^ftp:\/\/\[::1\]:\d+$/);
    const url = `${server.ready.ftp}/a.txt`;
    const ann = ["-sS", "-g", "-u", "ann:secret"];
    expect((await runTool("curl", [...ann, url])).stdout).toBe("on the disk");
    await runTool("curl", [...ann, "-T", "-", `${server.ready.ftp}/b.txt`], { input: "new" });
    expect(readFileSync(join(folder.path, "b.txt"), "utf8")).toBe("new");
    const stranger = await runTool("curl", ["-sS", "-g", "-u", "bob:x", url], { codes: "any" });
    expect(stranger.code).toBe(67);
    const answer = await fetch(`${server.ready.inbox}/api/v1/files/content?path=/b.txt`);
    expect(await answer.text()).toBe("new");
  });
});

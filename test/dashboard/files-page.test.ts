import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needs, python, runTool } from "../peers/tools.ts";
import { launch, needsBrowser, visit } from "./browser.ts";
import { picture, startFilesFixture } from "./files-fixture.ts";
import { startFixture } from "./fixture.ts";

const names = (page: Page) => page.locator(".entries .title").allTextContents();
const row = (page: Page, path: string) => page.locator(`[data-file="${path}"]`);

/** Let go of files over the page, as a reader does who drags them in. */
async function drop(page: Page, files: Readonly<Record<string, string>>): Promise<void> {
  const transfer = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    for (const [name, text] of Object.entries(${JSON.stringify(files)})) transfer.items.add(new File([text], name));
    return transfer;
  })()`);
  await page.dispatchEvent(".drop", "dragover", { dataTransfer: transfer });
  await page.locator(".drop.is-dragging").waitFor();
  // Nothing of the list shows through, its head included.
  const above = await page.evaluate<string>(`(() => {
    const { left, top } = document.querySelector(".entries th button").getBoundingClientRect();
    document.querySelector(".drop-here").style.pointerEvents = "auto";
    return document.elementFromPoint(left + 20, top + 10).className;
  })()`);
  expect(above).toBe("drop-here");
  await page.dispatchEvent(".drop", "drop", { dataTransfer: transfer });
  await page.locator(".drop:not(.is-dragging)").waitFor();
}

describe("the files on the page", needsBrowser, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  for (const [way, program, args, isThere] of [
    ["curl", "/bin/bash", ["-s"], needs("curl")],
    ["lftp", "/bin/bash", ["-s"], needs("lftp")],
    ["Python", python, ["-"], needs(python)],
    ["Node", process.execPath, ["--input-type=module", "-"], { skip: false }],
  ] as const) {
    test(`a file that the lines for ${way} upload over FTP appears without reload`, isThere, async () => {
      await using kit = await startFilesFixture();
      const { page, complaints } = await visit(browser, `${kit.dashboard.url}/#/files`);
      await page.getByText("Waiting for the first file").waitFor();
      expect(await page.locator(".empty .address code").textContent()).toBe(kit.ftp.url);
      await page.getByRole("tab", { name: way }).click();
      const input = (await page.locator(".ways pre").textContent()) ?? "";
      // The lines leave a file where they are run.
      const lines = program === "/bin/bash" ? `cd "$(mktemp -d)"\n${input}` : input;
      await runTool(program, args, { input: lines });
      await row(page, "/hello.txt").waitFor();
      await page.locator(".log").getByText("uploaded").waitFor();
      await row(page, "/hello.txt").click();
      expect((await page.locator(".view pre").textContent())?.trim()).toBe("My first file");
      expect(complaints).toEqual([]);
      await page.close();
    });
  }

  test("shows folders, sorts them, and follows what others do, also in the open file", async () => {
    await using kit = await startFilesFixture({
      files: { "in/a 10.txt": "ten", "in/a 9.txt": "nine, longer", "in/deep % #/x.txt": "x" },
    });
    const { page, complaints } = await visit(browser, `${kit.dashboard.url}/#/files`);
    await row(page, "/in").click();
    await row(page, "/in/a 9.txt").waitFor();
    expect(await names(page)).toEqual(["deep % #", "a 9.txt", "a 10.txt"]);
    await page.getByRole("button", { name: "Size" }).click();
    await page.locator("th.size[aria-sort=descending]").waitFor();
    expect(await names(page)).toEqual(["deep % #", "a 9.txt", "a 10.txt"]);
    await page.getByRole("button", { name: "Size" }).click();
    await expect.poll(() => names(page)).toEqual(["deep % #", "a 10.txt", "a 9.txt"]);
    await row(page, "/in/deep % #").click();
    await row(page, "/in/deep % #/x.txt").click();
    await page.locator(".view pre").getByText("x", { exact: true }).waitFor();
    await kit.about("/content", "/in/deep % #/x.txt", { method: "PUT", body: "changed meanwhile" });
    await page.locator(".view pre").getByText("changed meanwhile").waitFor();
    await kit.about("", "/in/deep % #/x.txt", { method: "DELETE" });
    await page.getByText("This file is not here (any more).").waitFor();
    await page.locator(".crumbs").getByText("in", { exact: true }).click();
    await row(page, "/in/a 9.txt").waitFor();
    // The file that went is a 404, which the browser reports by itself.
    expect(complaints.filter((one) => !one.includes("404"))).toEqual([]);
    await page.close();
  });

  test("uploads what is dropped, into the open folder, and asks before it replaces", async () => {
    await using kit = await startFilesFixture({ files: { "in/a.txt": "old" } });
    const { page } = await visit(browser, `${kit.dashboard.url}/#/files/in%2F`);
    await row(page, "/in/a.txt").waitFor();
    await drop(page, { "a.txt": "new", "b.txt": "b" });
    await row(page, "/in/b.txt").waitFor();
    await page.getByText("a file of this name is there").waitFor();
    expect(await kit.ftp.files.text("/in/a.txt")).toBe("old");
    await page.getByRole("button", { name: "Replace" }).click();
    await page.locator(".uploads .done").first().waitFor();
    expect(await kit.ftp.files.text("/in/a.txt")).toBe("new");
    await page.route(/path=%2Fin%2Fstuck/, () => {});
    await drop(page, { stuck: "x", after: "y" });
    await page.getByRole("button", { name: "Stop stuck" }).click();
    await row(page, "/in/after").waitFor();
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Upload" }).click();
    await (await chooser).setFiles([{ name: "c.txt", mimeType: "text/plain", buffer: Buffer.from("c") }]);
    await row(page, "/in/c.txt").waitFor();
    await page.close();
  });

  test("renames, makes folders and deletes, with the keys", async () => {
    await using kit = await startFilesFixture({ files: { "a.txt": "a", "b.txt": "b" } });
    const { page } = await visit(browser, `${kit.dashboard.url}/#/files`);
    await row(page, "/a.txt").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("r");
    const field = page.getByRole("textbox", { name: "Name" });
    // The ending stays when one types.
    await page.keyboard.type("b");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("the name is taken: /b.txt").waitFor();
    await field.fill("first.txt");
    await page.keyboard.press("Enter");
    await row(page, "/first.txt").waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("n");
    await field.fill("new folder");
    await page.keyboard.press("Enter");
    await row(page, "/new folder").waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await row(page, "/first.txt").focus();
    await page.keyboard.press("Delete");
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await row(page, "/first.txt").waitFor({ state: "detached" });
    expect(await kit.ftp.files.tree()).toEqual(["b.txt", "new folder/"]);
    await page.close();
  });

  test("shows a picture, and lets nothing run that somebody uploaded", async () => {
    const hostile = `<script>fetch("/api/v1/files?path=/", { method: "DELETE" }); top.isOwned = true;</script>`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="top.isOwned = true">${hostile}</svg>`;
    const bad = `<img src=x onerror="top.isOwned = true">.html`;
    await using kit = await startFilesFixture({
      files: {
        "sail.png": picture,
        "page.html": hostile,
        "drawing.svg": svg,
        "no.png": hostile,
        [bad]: hostile,
      },
    });
    const { page } = await visit(browser, `${kit.dashboard.url}/#/files`);
    await row(page, "/sail.png").click();
    await page.locator(".picture img").waitFor();
    await expect.poll(() => page.evaluate("document.querySelector('.picture img').naturalWidth")).toBe(64);
    await row(page, "/page.html").click();
    await expect.poll(() => page.locator(".view pre").textContent()).toBe(hostile);
    await row(page, "/drawing.svg").click();
    await expect.poll(() => page.locator(".view pre").textContent()).toBe(svg);
    await row(page, "/no.png").click();
    await page.getByText("is called a picture, and is none").waitFor();
    await page.locator(".entries .title", { hasText: "onerror" }).click();
    await page.getByRole("heading", { name: bad }).waitFor();
    expect(await page.evaluate("window.isOwned")).toBe(undefined);
    // Also opened as a page of its own: it is saved, not shown.
    const saved = page.waitForEvent("download");
    await page.goto(`${kit.dashboard.url}/api/v1/files/content?path=/page.html`).catch(() => {});
    expect((await saved).suggestedFilename()).toBe("page.html");
    expect((await kit.ftp.files.tree()).length).toBe(5);
    await page.close();
  });

  test("the Wire tab says which server a conversation was with", needs("curl"), async () => {
    await using kit = await startFilesFixture();
    kit.recorder.record(1, "S", "220 mail", Date.now());
    kit.recorder.record(1, "C", "EHLO client.test", Date.now());
    await runTool("curl", ["-sS", "-u", "ann:x", `${kit.ftp.url}/`]);
    const { page, complaints } = await visit(browser, `${kit.dashboard.url}/#/wire`);
    await page.getByRole("link", { name: /^#1 ann FTP/ }).click();
    await page.getByRole("heading", { name: "Connection #1" }).waitFor();
    const lines = page.getByRole("log");
    await lines.getByText("USER ann").waitFor();
    expect(await lines.textContent()).not.toContain("EHLO");
    await page.getByRole("link", { name: /^#1 client.test SMTP/ }).click();
    await lines.getByText("EHLO client.test").waitFor();
    expect(await lines.textContent()).not.toContain("USER ann");
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("an address that was typed by hand opens its folder", async () => {
    await using kit = await startFilesFixture({ files: { "100%/a.txt": "a" } });
    const { page, complaints } = await visit(browser, `${kit.dashboard.url}/#/files/100%/`);
    await row(page, "/100%/a.txt").waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("there is no such tab without a file server", async () => {
    await using kit = await startFixture();
    const { page } = await visit(browser, kit.dashboard.url);
    await page.getByText("Waiting for the first mail").waitFor();
    expect(await page.locator(".bar nav a").allTextContents()).toEqual([
      expect.stringContaining("Mail"),
      expect.stringContaining("Wire"),
    ]);
    await page.close();
  });
});

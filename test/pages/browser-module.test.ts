import { expect, test } from "vitest";
import { readBrowserModule } from "../../servers/pages/browser-module.ts";
import { PageFiles } from "../../servers/pages/page-files.ts";

test("a module of wire/ is JavaScript for the browser, also from a folder below", async () => {
  const source = Buffer.from((await readBrowserModule("pong/own-paddle"))!).toString();
  expect(source).toMatch(/from "\.\/court\.js"/);
  expect(source).not.toMatch(/\.ts"|import type|: InputMessage/);
  expect(await readBrowserModule("pong/nothing")).toBeUndefined();
});

test("a page is served modules of folders, and nothing outside of wire/", async () => {
  const page = new PageFiles(new URL("./nowhere/", import.meta.url));
  const answer = async (path: string): Promise<Response | undefined> =>
    await page.answer(new Request(`http://localhost${path}`), path);
  expect(await (await answer("/wire/pong/court.js"))?.text()).toContain("paddleHalf");
  for (const path of [
    "/wire/../package.js",
    "/wire/pong//court.js",
    "/wire/pong/../lines.js",
    "/wire/pong.js",
  ]) {
    expect(await answer(path), path).toBeUndefined();
  }
});

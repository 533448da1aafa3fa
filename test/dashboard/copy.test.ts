import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, needsBrowser, rows, visit } from "./browser.ts";
import { letter, startFixture } from "./fixture.ts";

// Plain http on a host that is not localhost: a browser keeps its clipboard from such a page.
const host = "portside.test";

describe("the buttons that copy, on another host", needsBrowser, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch(`--host-resolver-rules=MAP ${host} 127.0.0.1`);
  });
  afterAll(() => browser.close());

  test("copy all the same, and say so when the browser does not let them", async () => {
    await using kit = await startFixture({ hostNames: [host] });
    await kit.arrive(letter("Your code", "The code is 493817."));
    const { page, complaints } = await visit(browser, `http://${host}:${kit.dashboard.port}/`);
    expect(await page.evaluate("isSecureContext")).toBe(false);
    await rows(page).first().click();
    await page.getByRole("tab", { name: "Links" }).click();
    const copy = page.getByRole("button", { name: "Copy the code" });
    await copy.press("Enter");
    await page.getByText("Copied").waitFor();
    await page.locator(".copy:focus").waitFor();
    await page.getByRole("searchbox").press("Control+V");
    expect(await page.getByRole("searchbox").inputValue()).toBe("493817");

    await page.evaluate("document.execCommand = () => false");
    await copy.click();
    await page.getByRole("alert").getByText("select the text and press Ctrl+C").waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });
});

import { chromium, type Browser, type Locator, type Page } from "playwright-core";
import type { StoredMail } from "../../servers/smtp/mailbox.ts";
import { needs, pathOf } from "../peers/tools.ts";
import type { Fixture } from "./fixture.ts";

/** Skips a test where there is no Chromium, and fails it there on CI. */
export const needsBrowser = needs("chromium");

/** A Chromium that talks to nobody but the page. @param flags more of its own */
export const launch = (...flags: readonly string[]): Promise<Browser> =>
  chromium.launch({
    executablePath: pathOf("chromium") ?? "chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...flags,
    ],
  });

/** What went wrong on a page: errors of scripts, and whatever a policy forbade. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  return complaints;
}

/** A window of the usual size on a page, and what went wrong on it. */
export async function visit(browser: Browser, url: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const complaints = complaintsOf(page);
  await page.goto(url);
  return { page, complaints };
}

/** The same, with these mails in the box, the first one arrived first, once all are in the list. */
export async function visitWith(browser: Browser, kit: Fixture, ...raws: readonly string[]) {
  const mails: StoredMail[] = [];
  for (const raw of raws) mails.push(await kit.arrive(raw));
  const visited = await visit(browser, kit.dashboard.url);
  await rows(visited.page)
    .nth(raws.length - 1)
    .waitFor();
  return { ...visited, mails };
}

/** The mails of the list. */
export const rows = (page: Page): Locator => page.locator(".mails a[data-mail]");

export const subjects = (page: Page): Promise<string[]> => page.locator(".mails .subject").allTextContents();

/** Wait until the list says how many mails it shows: `2 mails found`. */
export const listSays = (page: Page, words: string): Promise<void> =>
  page.locator(".tools [role=status]").getByText(words, { exact: true }).waitFor();

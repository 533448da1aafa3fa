import { chromium, type Browser, type Page } from "playwright-core";
import { needs, pathOf } from "../peers/tools.ts";

/** Skips a test where there is no Chromium, and fails it there on CI. */
export const needsBrowser = needs("chromium");

/** A Chromium that talks to nobody but the page. */
export const launch = (): Promise<Browser> =>
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
    ],
  });

/** What went wrong on a page: errors of scripts, and whatever a policy forbade. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  return complaints;
}

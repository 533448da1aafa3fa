import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { connectChat } from "../../../clients/websocket/index.ts";
import { type ChatServer, startChat } from "../../../servers/websocket/index.ts";
import { complaintsOf, launch, needsBrowser } from "../../dashboard/browser.ts";

const shots = join(tmpdir(), "portside-screenshots");

/** Somebody in a browser of his own. */
async function enter(page: Page, chat: ChatServer, nick: string): Promise<void> {
  await page.goto(`${chat.pageUrl}/?nick=${nick}&room=tea`);
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByRole("log").waitFor();
  await expect.poll(() => chat.rooms[0]?.members.map((member) => member.nick)).toContain(nick);
}

const says = async (page: Page, text: string): Promise<void> => {
  await page.getByLabel("Message").fill(text);
  await page.keyboard.press("Enter");
};

const texts = (page: Page): Promise<string[]> => page.locator(".lines .text").allTextContents();

test("two browsers chat, and a client of the TCP door with them", needsBrowser, async () => {
  await using chat = await startChat();
  const browser = await launch();
  await using end = { [Symbol.asyncDispose]: () => browser.close() };
  void end;
  const [ann, bob] = await Promise.all([0, 1].map(async () => await (await browser.newContext()).newPage()));
  const complaints = [ann!, bob!].flatMap((page) => complaintsOf(page));
  await using cy = await connectChat({ url: chat.url, nick: "cy", rooms: ["#tea"] });
  await cy.say("#tea", "before you came");
  await enter(ann!, chat, "ann");
  await enter(bob!, chat, "bob");
  await says(ann!, "hello bob, grüße ✓");
  await bob!.getByText("hello bob, grüße ✓").waitFor();
  await says(bob!, "hi <b>ann</b><img src=x onerror=alert(1)>");
  await ann!.getByText("hi <b>ann</b><img src=x onerror=alert(1)>").waitFor();
  expect(await ann!.locator(".lines img, .lines .text b").count()).toBe(0);
  await cy.say("#tea", "and I");
  await ann!.getByText("and I").waitFor();
  await bob!.getByText("and I").waitFor();
  expect(await texts(ann!)).toEqual([
    "before you came",
    "hello bob, grüße ✓",
    "hi <b>ann</b><img src=x onerror=alert(1)>",
    "and I",
  ]);
  expect(await texts(bob!)).toEqual(await texts(ann!));
  expect(await ann!.locator(".member span:first-child").allTextContents()).toEqual(["cy", "ann", "bob"]);

  // Who is what in a room, and what other clients say in their ways.
  cy.sendLine("MODE #tea +ov-t ann bob");
  await ann!.getByText("cy set +ov-t ann bob").waitFor();
  await expect.poll(() => ann!.locator(".member .tag").count()).toBe(2);
  expect(await ann!.locator(".member span:first-child").allTextContents()).toEqual(["ann", "cy", "bob"]);
  cy.sendLine("MODE #tea -o ann");
  await expect.poll(() => bob!.locator(".member .tag").count()).toBe(1);
  cy.sendLine("PRIVMSG #tea :\u0001ACTION waves\u0001");
  await ann!.getByText("* waves", { exact: true }).waitFor();
  cy.sendLine("AWAY :tea time");
  await says(bob!, "/msg cy psst");
  await bob!.getByText("cy is away: tea time").waitFor();
  await bob!.keyboard.press("Alt+ArrowUp");
  await bob!.getByText("* waves", { exact: true }).waitFor();

  // What is said elsewhere is counted until it is seen; the keyboard goes there.
  await says(ann!, "/join #other");
  await expect.poll(() => ann!.title()).toBe("#other · Portside");
  await cy.say("#tea", "one");
  await cy.say("#tea", "two");
  await ann!.locator(".unread", { hasText: "2" }).waitFor();
  expect(await ann!.title()).toBe("(2) #other · Portside");
  await ann!.keyboard.press("Alt+ArrowUp");
  await ann!.getByText("two", { exact: true }).waitFor();
  expect(await ann!.locator(".unread").count()).toBe(0);
  // Tab completes a nick, and the arrow brings back what was said.
  await ann!.getByLabel("Message").fill("bo");
  await ann!.keyboard.press("Tab");
  expect(await ann!.getByLabel("Message").inputValue()).toBe("bob: ");
  await ann!.getByLabel("Message").fill("");
  await ann!.keyboard.press("ArrowUp");
  expect(await ann!.getByLabel("Message").inputValue()).toBe("/join #other");

  // Somebody who is cut off comes back, and hears what he has missed, once.
  chat.dropConnection("bob", "rst");
  await cy.say("#tea", "missed?");
  await bob!.getByText("missed?").waitFor();
  await cy.say("#tea", "no");
  await bob!.getByText("no", { exact: true }).waitFor();
  expect((await texts(bob!)).filter((text) => text === "missed?")).toHaveLength(1);
  expect((await texts(bob!)).slice(-3)).toEqual(["two", "missed?", "no"]);

  // A nick that somebody has.
  const third = await (await browser.newContext()).newPage();
  await third.goto(`${chat.pageUrl}/?nick=ann&room=tea`);
  await third.getByRole("button", { name: "Join" }).click();
  await third.getByText("Nickname is already in use").waitFor();
  // A connection that is cut on purpose is no complaint.
  expect(complaints.filter((text) => !text.includes("WebSocket connection"))).toEqual([]);
});

test("the focus is on the message once one is in, and again after a cut", needsBrowser, async () => {
  await using chat = await startChat();
  const browser = await launch();
  await using end = { [Symbol.asyncDispose]: () => browser.close() };
  void end;
  const page = await browser.newPage();
  await enter(page, chat, "ann");
  const focused = page.locator("#text:focus");
  await focused.waitFor();
  chat.dropConnection("ann", "rst");
  await page.locator("#text:disabled").waitFor();
  await focused.waitFor();
  // The same button as on the other pages.
  await page.getByRole("button", { name: "Use the dark theme" }).click();
  await page.getByRole("button", { name: "Use the light theme" }).waitFor();
});

test("the page in light and dark, wide and narrow", needsBrowser, async () => {
  await using chat = await startChat();
  const browser = await launch();
  await using end = { [Symbol.asyncDispose]: () => browser.close() };
  void end;
  await using bob = await connectChat({ url: chat.url, nick: "bob", rooms: ["#tea", "#other"] });
  await using cy = await connectChat({ url: chat.url, nick: "cy", rooms: ["#tea"] });
  bob.setTopic("#tea", "Leaves, water, and how long");
  await bob.say("#tea", "The kettle is on.");
  await bob.say("#tea", "Three minutes for the green one, not more.");
  await cy.say("#tea", "Four. And a long line without a break: " + "steep".repeat(20));
  mkdirSync(shots, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1280, 360]) {
      const page = await (
        await browser.newContext({ colorScheme, viewport: { width, height: 720 } })
      ).newPage();
      const nick = `ann-${colorScheme}-${width}`;
      await enter(page, chat, nick);
      await says(page, "/join #other");
      await expect.poll(() => page.title()).toContain("#other");
      await page.keyboard.press("Alt+ArrowUp");
      await expect.poll(() => page.title()).toContain("#tea");
      await bob.say("#other", "somebody here?");
      await says(page, "I am late, I know.");
      await page.getByText("I am late, I know.").last().waitFor();
      // Nothing is wider than the window.
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      await page.screenshot({ path: join(shots, `chat-${colorScheme}-${width}.png`) });
      if (width === 360) {
        await page.getByRole("button", { name: "Rooms" }).click();
        await page.locator(".unread").waitFor();
        await page.screenshot({ path: join(shots, `chat-${colorScheme}-${width}-rooms.png`) });
        await page.keyboard.press("Escape");
        await page.getByRole("navigation", { name: "Rooms" }).waitFor({ state: "hidden" });
      }
    }
  }
});

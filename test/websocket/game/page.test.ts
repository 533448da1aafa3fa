import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GameServer, startGame } from "portside/servers/websocket";
import { replay } from "../../../wire/pong/log.ts";
import { stateHash } from "../../../wire/pong/state.ts";
import { complaintsOf, launch, needsBrowser } from "../../dashboard/browser.ts";

describe.skipIf(needsBrowser.skip)("the page of the game", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  /** Somebody with a browser of their own. */
  async function visitor(
    game: GameServer,
    viewport = { width: 1280, height: 800 },
  ): Promise<{ readonly page: Page; readonly complaints: string[] }> {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(game.url);
    return { page, complaints };
  }

  async function play(game: GameServer, name: string, form: "binary" | "json" = "binary") {
    const seen = await visitor(game);
    await seen.page.getByLabel("Your name").fill(name);
    await seen.page.getByLabel("Snapshots come").selectOption(form);
    await seen.page.getByRole("button", { name: "Play" }).click();
    await seen.page.getByText("you", { exact: true }).waitFor();
    return seen;
  }

  test("two browsers play a seeded game to its end, with keys, and again; a third one watches", async () => {
    await using game = await startGame({ seed: 11, pointsToWin: 1, serveMs: 300 });
    const ada = await play(game, "Ada");
    await ada.page.getByText("Waiting for a second player").waitFor();
    const eve = await visitor(game);
    await eve.page.getByText("Ada and free seat").waitFor();
    await eve.page.getByRole("button", { name: "Watch" }).click();
    await eve.page.getByText("You are watching.").waitFor();
    const bob = await play(game, "Bob", "json");
    await game.waitForEvent({ type: "phase", phase: "playing" });
    // To the upper edge, both: the ball finds nobody.
    await ada.page.keyboard.down("ArrowUp");
    await bob.page.keyboard.down("w");
    const over = await game.waitForEvent({ type: "phase", phase: "over" }, { timeoutMs: 30_000 });
    const { score, hash, log, state } = game.room("Table 1");
    expect(Math.max(...score)).toBe(1);
    expect(log.events.filter(({ type }) => type === "steer").length).toBeGreaterThanOrEqual(2);
    expect(state.paddles).toEqual([640, 640]);
    expect(stateHash(replay(log, state.tick))).toBe(hash);
    const hasAdaWon = over.type === "phase" && over.winner === 0;
    await ada.page.getByText(hasAdaWon ? "You win, 1 to 0" : "Bob wins, 1 to 0").waitFor();
    await bob.page.getByText(hasAdaWon ? "Ada wins, 1 to 0" : "You win, 1 to 0").waitFor();
    await eve.page.getByText(hasAdaWon ? "Ada wins, 1 to 0" : "Bob wins, 1 to 0").waitFor();

    await ada.page.getByRole("button", { name: "Play again" }).click();
    await bob.page.getByText("Ada wants another game.").waitFor();
    await bob.page.getByRole("button", { name: "Play again" }).click();
    await ada.page.getByLabel("Score").getByText("0").first().waitFor();
    await expect.poll(() => game.room("Table 1").phase).toMatch(/countdown|playing/);
    for (const { page, complaints } of [ada, bob, eve]) {
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  });

  test("a page that is loaded anew has its seat again", async () => {
    await using game = await startGame({ pointsToWin: 3 });
    const ada = await play(game, "Ada");
    const bob = await play(game, "Bob");
    await game.waitForEvent({ type: "phase", phase: "countdown" });
    await ada.page.reload();
    await ada.page.getByText("you", { exact: true }).waitFor();
    expect(game.events().filter(({ type }) => type === "resumed")).toHaveLength(1);
    expect(game.room("Table 1").players).toEqual(["Ada", "Bob"]);
    game.dropConnection("Bob", "rst");
    await ada.page.getByText("Bob is gone").waitFor();
    await expect.poll(() => game.events().filter(({ type }) => type === "resumed").length).toBe(2);
    await bob.page.getByRole("button", { name: "Leave" }).click();
    await ada.page.getByText("You win").waitFor();
    await bob.page.getByRole("button", { name: "Play" }).waitFor();
    await ada.page.context().close();
    await bob.page.context().close();
  });

  test("the lag panel adds faults to its own connection, by the rules of the server", async () => {
    await using game = await startGame({ pointsToWin: 9, serveMs: 60_000 });
    const ada = await play(game, "Ada");
    const bob = await play(game, "Bob");
    const panel = ada.page.getByRole("region", { name: "Lag panel" });
    await panel.getByRole("slider", { name: "Latency" }).fill("150");
    await panel.getByRole("slider", { name: "Jitter" }).fill("50");
    await panel.getByRole("slider", { name: "Loss" }).fill("5");
    await expect
      .poll(() => game.rules.list().map(({ title }) => title))
      .toEqual([
        "latency 150 ms ± 50",
        "loss of 5 %, sent again after 200 ms",
        "latency 150 ms ± 50",
        "loss of 5 %, sent again after 200 ms",
      ]);
    await expect
      .poll(async () => Number.parseInt(await figure(ada.page, "Round trip"), 10), { timeout: 20_000 })
      .toBeGreaterThan(190);
    const ofBob = Number.parseInt(await figure(bob.page, "Round trip"), 10);
    expect(ofBob).toBeLessThan(Number.parseInt(await figure(ada.page, "Round trip"), 10));
    for (const slider of ["Latency", "Jitter", "Loss"])
      await panel.getByRole("slider", { name: slider }).fill("0");
    await expect.poll(() => game.rules.list()).toEqual([]);
    expect(ada.complaints).toEqual([]);
    await ada.page.context().close();
    await bob.page.context().close();
  });

  test("the own paddle moves at once with prediction, and a round trip later without", async () => {
    await using game = await startGame({ serveMs: 60_000 });
    const ada = await play(game, "Ada");
    const bob = await play(game, "Bob");
    await ada.page.getByRole("slider", { name: "Latency" }).fill("400");
    await expect
      .poll(async () => Number.parseInt(await figure(ada.page, "Round trip"), 10), { timeout: 20_000 })
      .toBeGreaterThan(700);
    const moved = async (key: string): Promise<number> => {
      // The listener is there before the key is pressed.
      await ada.page.evaluate(`window.moved = new Promise((resolve) => {
        const paddle = document.querySelector(".paddle-0");
        const before = paddle.getAttribute("transform");
        addEventListener("keydown", ({ timeStamp }) => {
          const look = () => {
            if (paddle.getAttribute("transform") === before) requestAnimationFrame(look);
            else resolve(performance.now() - timeStamp);
          };
          look();
        }, { once: true });
      }), undefined`);
      await ada.page.keyboard.down(key);
      const ms = await ada.page.evaluate<number>("window.moved");
      await ada.page.keyboard.up(key);
      return ms;
    };
    const atOnceMs = await moved("s");
    await ada.page.getByRole("switch").uncheck();
    // What is seen of the move before comes a second later.
    await ada.page.evaluate(`new Promise((resolve) => {
      const paddle = document.querySelector(".paddle-0");
      let [seen, sinceMs] = ["", 0];
      const look = (nowMs) => {
        const now = paddle.getAttribute("transform");
        if (now !== seen) [seen, sinceMs] = [now, nowMs];
        if (nowMs - sinceMs > 1500) resolve();
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    })`);
    const laterMs = await moved("w");
    expect(laterMs).toBeGreaterThan(600);
    expect(atOnceMs).toBeLessThan(laterMs / 2);
    expect(bob.complaints).toEqual([]);
    await ada.page.context().close();
    await bob.page.context().close();
  });

  test("a finger steers: the paddle goes to where it is", async () => {
    await using game = await startGame({ serveMs: 60_000 });
    const ada = await play(game, "Ada");
    const bob = await play(game, "Bob");
    const box = (await ada.page.getByRole("img", { name: "The court" }).boundingBox())!;
    await ada.page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8);
    await ada.page.mouse.down();
    const wanted = 7_200 * 0.8;
    await expect
      .poll(() => Math.abs(game.room("Table 1").state.paddles[0] - wanted), { timeout: 10_000 })
      .toBeLessThan(400);
    await ada.page.mouse.up();
    await expect.poll(() => game.room("Table 1").state.directions[0]).toBe(0);
    expect(game.room("Table 1").state.paddles[1]).toBe(3_600);
    await ada.page.context().close();
    await bob.page.context().close();
  });

  test("a name is text, whatever is in it", async () => {
    await using game = await startGame();
    const ada = await play(game, "<img src=x onerror=1>");
    await ada.page.getByText("<img src=x onerror=1>").waitFor();
    expect(await ada.page.locator("main img").count()).toBe(0);
    expect(ada.complaints).toEqual([]);
    await ada.page.context().close();
  });

  test.each([
    ["light", 1280, 800],
    ["dark", 1280, 800],
    ["light", 360, 740],
    ["dark", 360, 740],
  ] as const)(
    "fits in %s at %d pixels: nothing is cut off, and nothing scrolls sideways",
    async (colorScheme, width, height) => {
      await using game = await startGame({ seed: 3, serveMs: 60_000 });
      const context = await browser.newContext({ viewport: { width, height }, colorScheme });
      const page = await context.newPage();
      const complaints = complaintsOf(page);
      const other = await play(game, "Grace Hopper");
      await page.goto(game.url);
      await page.getByText("Grace Hopper and free seat").waitFor();
      await look(page, `lobby-${colorScheme}-${width}`);
      await page.getByLabel("Your name").fill("Ada Lovelace");
      await page.getByRole("button", { name: "Join" }).click();
      await page.getByText("you", { exact: true }).waitFor();
      await expect.poll(async () => await figure(page, "Round trip")).not.toBe("0 ms");
      await look(page, `table-${colorScheme}-${width}`);
      await other.page.context().close();
      await page.getByText("Grace Hopper is gone").waitFor();
      await look(page, `paused-${colorScheme}-${width}`);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );
});

/** A figure of the lag panel. */
async function figure(page: Page, term: string): Promise<string> {
  return await page.locator(".lag dl > div", { hasText: term }).first().locator("dd").innerText();
}

/** Nothing is wider than the window; a picture of it for those who want to see, in the folder LOOK. */
async function look(page: Page, name: string): Promise<void> {
  const { LOOK } = process.env;
  if (LOOK !== undefined) await page.screenshot({ path: `${LOOK}/game-${name}.png` });
  const wide = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
  expect(wide).toBeLessThanOrEqual(0);
}

import { describe, expect, test } from "vitest";
import { connectGame } from "portside/clients/websocket";
import { startInterposer } from "portside/servers/exchange";
import { startGame } from "portside/servers/websocket";
import { court } from "../../../wire/pong/court.ts";
import { replay } from "../../../wire/pong/log.ts";
import { stateHash } from "../../../wire/pong/state.ts";
import { Bot } from "./bot.ts";

const wait = { timeoutMs: 30_000 };

describe("connectGame()", () => {
  test("plays against a client of npm ws, steers, and sees what the server has", async () => {
    await using game = await startGame({ serveMs: 100 });
    await using ada = await connectGame({ url: game.streamUrl, name: "Ada" });
    await using bob = await Bot.join(game.streamUrl, { name: "Bob" });
    expect([ada.side, ada.welcome.room]).toEqual([0, "Table 1"]);
    await ada.waitFor(({ phase }) => phase === "playing", wait);
    ada.steer(1);
    const { paddles } = await ada.waitFor((snapshot) => snapshot.paddles[0] > 5_000, wait);
    expect(paddles[1]).toBe(court.height / 2);
    ada.steer(0);
    await ada.waitFor(({ directions }) => directions[0] === 0, wait);
    expect(ada.players?.players.map((player) => player?.name)).toEqual(["Ada", "Bob"]);
    expect(ada.statistics.comparisons).toBeGreaterThan(0);
    await bob.settle();
  });

  test("says why it is not let in", async () => {
    await using game = await startGame({ maxRooms: 1 });
    await using ada = await connectGame({ url: game.streamUrl, room: "blue" });
    expect(ada.welcome.room).toBe("blue");
    await expect(connectGame({ url: game.streamUrl, room: "red" })).rejects.toThrow(
      /REPLY_UNEXPECTED .* there are 1 rooms/,
    );
    await expect(connectGame({ url: game.streamUrl, as: "spectator", room: "red" })).rejects.toThrow(
      /no such game to watch/,
    );
  });

  test("ends with the server", async () => {
    const game = await startGame();
    const ada = await connectGame({ url: game.streamUrl, reconnects: false });
    const told = Array.fromAsync(ada.snapshots());
    await ada.waitFor(({ tick }) => tick > 5, wait);
    await game.close();
    await ada.ended;
    expect((await told).length).toBeGreaterThan(0);
    await ada.close();
  });

  test("at 150 ms ± 50 ms each way, by the rules of the server, its paddle is where the server has it", async () => {
    await using game = await startGame({ serveMs: 100, resumeMs: 60_000, pingIntervalMs: 10_000 });
    await using ada = await connectGame({ url: game.streamUrl, name: "Ada" });
    await using bob = await connectGame({ url: game.streamUrl, name: "Bob" });
    await ada.waitFor(({ phase }) => phase === "playing", wait);
    ada.lag({ latencyMs: 150, jitterMs: 50, lossPercent: 0 });
    for await (const message of ada) if (message.type === "lag") break;
    expect(game.rules.list().map(({ title }) => title)).toEqual([
      "latency 150 ms ± 50",
      "latency 150 ms ± 50",
    ]);
    // The new way is learnt before anybody steers.
    const from = ada.snapshot!.tick;
    await ada.waitFor(({ tick }) => tick > from + 180, wait);
    expect(ada.statistics.roundTripMs).toBeGreaterThan(190);
    for (const [index, direction] of ([1, -1, 0, 1, 0, -1, 1, 0] as const).entries()) {
      ada.steer(direction);
      await ada.waitFor(({ tick }) => tick > from + 180 + (index + 1) * 15, wait);
    }
    ada.steer(0);
    await ada.waitFor(({ directions, tick }) => directions[0] === 0 && tick > from + 360, wait);
    const settled = ada.snapshot!;
    const { corrections, comparisons, error, pending } = ada.statistics;
    expect({ error, pending }).toEqual({ error: 0, pending: 0 });
    expect(ada.view()?.paddles[0]).toBe(settled.paddles[0]);
    expect(game.room("Table 1").state.paddles[0]).toBe(settled.paddles[0]);
    expect(corrections).toBeLessThan(comparisons / 2);
    const { log, hash, state } = game.room("Table 1");
    expect(stateHash(replay(log, state.tick))).toBe(hash);
    expect(bob.side).toBe(1);
  });
});

describe("a connection that is lost in the middle of a game", () => {
  test.each(["rst", "fin"] as const)(
    "by the server, with %s: the game pauses, and goes on with the token",
    async (how) => {
      await using game = await startGame({ serveMs: 100 });
      await using ada = await connectGame({ url: game.streamUrl, name: "Ada", retryDelayMs: 200 });
      await using bob = await connectGame({ url: game.streamUrl, name: "Bob" });
      await bob.waitFor(({ phase }) => phase === "playing", wait);
      const { token } = ada;
      game.dropConnection("Ada", how);
      await bob.waitFor(({ phase }) => phase === "paused", wait);
      await bob.waitFor(({ phase }) => phase === "playing", wait);
      expect([ada.connections, ada.token, ada.side]).toEqual([2, token, 0]);
      expect(game.events().map(({ type }) => type)).toContain("resumed");
      await steers(ada);
    },
  );

  /** What becomes of Ada's bytes on the way to her, or to the server. */
  test.each([
    ["cut", { fault: "limit_data", bytes: 4_000 }],
    ["reset", { fault: "limit_data", bytes: 4_000, ending: "reset" }],
    ["half a frame", { fault: "limit_data", bytes: 2_011, ending: "reset" }],
    ["stall", { fault: "limit_data", bytes: 4_000, ending: "stall" }],
    ["cut on the way there", { fault: "limit_data", bytes: 400, direction: "C" }],
  ] as const)("by the interposer, %s: the seat is taken again, and the game goes on", async (_name, rule) => {
    await using game = await startGame({ serveMs: 100, pingIntervalMs: 300, pongTimeoutMs: 300 });
    await using middle = await startInterposer({
      target: game.streamUrl,
      rules: [{ ...rule, connection: 1 }],
    });
    await using ada = await connectGame({
      url: middle.url,
      name: "Ada",
      form: "json",
      pingIntervalMs: 300,
      pongTimeoutMs: 300,
    });
    await using bob = await connectGame({ url: game.streamUrl, name: "Bob" });
    const { token, side } = ada;
    await game.waitForEvent({ type: "resumed", name: "Ada" }, wait);
    const from = bob.snapshot?.tick ?? 0;
    await bob.waitFor(({ phase, tick }) => phase === "playing" && tick > from, wait);
    expect([ada.connections, ada.token, ada.side]).toEqual([2, token, side]);
    await steers(ada);
    const { log, hash, state } = game.room("Table 1");
    expect(stateHash(replay(log, state.tick))).toBe(hash);
  });

  /** The seat is hers: what she steers has its effect. */
  async function steers(ada: Awaited<ReturnType<typeof connectGame>>): Promise<void> {
    const isAlive = (phase: string): boolean => phase === "playing" || phase === "countdown";
    await ada.waitFor(({ phase }) => isAlive(phase), wait);
    const { paddles } = ada.snapshot!;
    const direction = paddles[0] > 3_600 ? -1 : 1;
    ada.steer(direction);
    await ada.waitFor((snapshot) => Math.abs(snapshot.paddles[0] - paddles[0]) > 400, wait);
  }

  test("whose token comes too late is told so", async () => {
    await using game = await startGame({ serveMs: 100, resumeMs: 50 });
    await using ada = await connectGame({ url: game.streamUrl, name: "Ada", retryDelayMs: 1_500 });
    await using bob = await connectGame({ url: game.streamUrl, name: "Bob" });
    await bob.waitFor(({ phase }) => phase === "playing", wait);
    game.dropConnection("Ada", "rst");
    expect(await bob.waitFor(({ phase }) => phase === "over", wait)).toMatchObject({ winner: 1 });
    await expect(ada.ended).rejects.toThrow(/no seat has this token any more/);
  });
});

import fc from "fast-check";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { startGame } from "portside/servers/websocket";
import { replay } from "../../../wire/pong/log.ts";
import { stateHash } from "../../../wire/pong/state.ts";
import { Bot } from "./bot.ts";

describe("startGame()", () => {
  test.each(["json", "binary"] as const)(
    "brings two clients of npm ws into one game, in %s",
    async (form) => {
      await using game = await startGame({ clock: "manual" });
      await using ada = await Bot.join(game.streamUrl, { name: "Ada", form });
      expect(await ada.hear("rooms")).toEqual({ type: "rooms", rooms: [] });
      expect(await ada.hear("welcome")).toMatchObject({
        room: "Table 1",
        side: 0,
        name: "Ada",
        form,
        tick: 0,
      });
      await using bob = await Bot.join(game.streamUrl, { name: "Bob", form });
      expect((await bob.hear("welcome")).side).toBe(1);
      expect((await bob.hear("snapshot")).snapshot).toMatchObject({ phase: "countdown", until: 60 });
      game.step(66);
      ada.say({ type: "input", seq: 1, tick: 66, direction: -1 });
      await ada.settle();
      game.step(12);
      while (bob.snapshot?.tick !== 78) await bob.next();
      expect(bob.snapshot).toMatchObject({ phase: "playing", directions: [-1, 0], acks: [1, 0] });
      expect(bob.snapshot?.paddles).toEqual([3_600 - 12 * 96, 3_600]);
      expect(game.room("Table 1")).toMatchObject({ players: ["Ada", "Bob"], phase: "playing" });
    },
  );

  test("gives the same games for the same seed and inputs", async () => {
    const play = async (seed: number): Promise<string> => {
      await using game = await startGame({ clock: "manual", seed, pointsToWin: 1 });
      await using ada = await Bot.join(game.streamUrl, { room: "blue" });
      await using bob = await Bot.join(game.streamUrl, { room: "blue" });
      await game.waitForEvent({ type: "phase", phase: "countdown" });
      for (let n = 1; n <= 10; n++) {
        ada.say({ type: "input", seq: n, tick: n * 10, direction: n % 2 === 0 ? 1 : -1 });
        await ada.settle();
        game.step(10);
      }
      void bob;
      game.step(400);
      return game.room("blue").hash;
    };
    expect(await play(3)).toBe(await play(3));
    expect(await play(3)).not.toBe(await play(4));
  });

  test("runs at 60 ticks a second by itself, and says so in its pongs", async () => {
    await using game = await startGame();
    await using ada = await Bot.join(game.streamUrl);
    ada.say({ type: "ping", id: 1 });
    const [first, fromMs] = [await ada.hear("pong"), performance.now()];
    while ((ada.snapshot?.tick ?? 0) < 60) await ada.next();
    ada.say({ type: "ping", id: 2 });
    const [second, toMs] = [await ada.hear("pong"), performance.now()];
    expect(second.timeMs - first.timeMs).toBeGreaterThan((toMs - fromMs) * 0.8);
    expect(second.timeMs - first.timeMs).toBeLessThan((toMs - fromMs) * 1.2);
    expect(game.droppedTicks).toBe(0);
  });

  test("step() is only for a clock that is moved by hand", async () => {
    await using game = await startGame();
    expect(() => game.step()).toThrow(/clock: "manual"/);
  });

  test.each([
    [{ pointsToWin: 0 }, /pointsToWin/],
    [{ snapshotHz: 7 }, /must divide 60/],
    [{ resumeMs: -1 }, /resumeMs/],
  ])("refuses options that cannot be: %o", async (options, complaint) => {
    await expect(startGame(options)).rejects.toThrow(complaint);
  });

  test("lists its rooms over HTTP, and refuses pages and sockets of another origin", async () => {
    await using game = await startGame({ clock: "manual" });
    await using ada = await Bot.join(game.streamUrl, { name: "Ada" });
    await ada.hear("welcome");
    const rooms = await fetch(`${game.url}api/rooms`);
    expect(await rooms.json()).toEqual([
      { room: "Table 1", phase: "waiting", players: ["Ada", null], score: [0, 0], spectators: 0 },
    ]);
    expect((await fetch(`${game.url}api/rooms`, { headers: { Origin: "http://evil.test" } })).status).toBe(
      403,
    );
    const socket = connect(game.port, "127.0.0.1");
    socket.write(
      `GET /stream HTTP/1.1\r\nHost: 127.0.0.1:${game.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\nOrigin: http://evil.test\r\n\r\n",
    );
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 403 /);
    socket.destroy();
  });
});

describe("the rules of the server", () => {
  test("are about messages too: an input that is swallowed, a word that cuts the connection", async () => {
    await using game = await startGame({
      clock: "manual",
      rules: [
        '(whenever first 1 times)\n  C json: {"type":"input", ...}\n(end)\n',
        { on: /"rematch"/, user: "Ada", fault: "reset_peer" },
      ],
    });
    await using ada = await Bot.join(game.streamUrl, { name: "Ada" });
    await using bob = await Bot.join(game.streamUrl, { name: "Bob" });
    await game.waitForEvent({ type: "phase", phase: "countdown" });
    for (const seq of [1, 2]) ada.say({ type: "input", seq, tick: 0, direction: seq === 1 ? -1 : 1 });
    await ada.settle();
    game.step(3);
    await ada.settle();
    // The first one never came, so the second one alone counts.
    expect(ada.snapshot).toMatchObject({ directions: [1, 0], acks: [2, 0] });
    bob.say({ type: "rematch" });
    await bob.settle();
    ada.say({ type: "rematch" });
    expect((await ada.peer.closed()).code).toBe(1006);
    await game.waitForEvent({ type: "phase", phase: "paused" });
    await bob.settle();
    expect(game.rules.warnings()).toEqual([]);
  });
});

describe("what a client does wrong", () => {
  const anyJunk = fc.oneof(
    fc.string(),
    fc.json(),
    fc.uint8Array({ maxLength: 40 }),
    fc.record({
      type: fc.constant("input"),
      seq: fc.anything(),
      tick: fc.anything(),
      direction: fc.anything(),
    }),
    fc.record({ type: fc.constant("join"), room: fc.anything(), token: fc.string() }),
    fc.constantFrom({ type: "rematch" }, { type: "fly" }, { type: "input" }),
    fc.record({
      type: fc.constant("input"),
      seq: fc.integer(),
      tick: fc.oneof(fc.integer({ max: 40 }), fc.integer({ min: 300 })),
      direction: fc.integer({ min: -3, max: 3 }),
    }),
  );
  const written = (junk: unknown): string | Uint8Array =>
    typeof junk === "string" || junk instanceof Uint8Array ? junk : JSON.stringify(junk);

  test("moves nothing, whatever it sends: malformed, late or ahead of its time", async () => {
    await using game = await startGame({
      clock: "manual",
      maxMalformedMessages: Infinity,
      maxMessagesPerSecond: 100_000,
    });
    await using ada = await Bot.join(game.streamUrl);
    await using bob = await Bot.join(game.streamUrl);
    await using eve = await Bot.join(game.streamUrl, { room: "Table 1", as: "spectator" });
    await game.waitForEvent({ type: "phase", phase: "countdown" });
    await eve.settle();
    game.step(100);
    const undisturbed = game.room("Table 1").log;
    await fc.assert(
      fc.asyncProperty(fc.array(anyJunk, { maxLength: 30 }), async (messages) => {
        for (const junk of messages) ada.peer.send(written(junk));
        // Who watches may say even what would be right for a player.
        eve.say({ type: "input", seq: 1, tick: game.ticks, direction: 1 });
        await Promise.all([ada.settle(), bob.settle(), eve.settle()]);
        const { log, hash, state } = game.room("Table 1");
        expect(log.events).toEqual(undisturbed.events);
        expect(hash).toBe(stateHash(replay(undisturbed, state.tick)));
      }),
      { numRuns: 100 },
    );
    game.step(30);
    const { hash, state } = game.room("Table 1");
    expect(hash).toBe(stateHash(replay(undisturbed, state.tick)));
  });

  test("is told, and closes its connection when it goes on", async () => {
    await using game = await startGame({ clock: "manual", maxMalformedMessages: 3 });
    await using eve = await Bot.connect(game.streamUrl);
    eve.peer.send("{}");
    expect(await eve.hear("refused")).toEqual({
      type: "refused",
      what: "message",
      reason: "there is no message of type nothing",
    });
    eve.peer.send("nonsense");
    eve.peer.send(Buffer.from([9, 9, 9]));
    expect(await eve.peer.closed()).toMatchObject({ code: 1008, reason: "3 malformed messages" });
  });

  test("closes its connection: a flood with 1008, a large message with 1009", async () => {
    await using game = await startGame({ clock: "manual", maxMessagesPerSecond: 50 });
    await using flood = await Bot.join(game.streamUrl);
    await using large = await Bot.connect(game.streamUrl);
    for (let n = 1; n < 500; n++) flood.say({ type: "input", seq: n, tick: 0, direction: 0 });
    expect((await flood.peer.closed()).code).toBe(1008);
    large.peer.send("x".repeat(5_000));
    expect((await large.peer.closed()).code).toBe(1009);
  });

  test("is refused in words: a room that is full, a second room, a token that is none, a rematch of a spectator", async () => {
    await using game = await startGame({ clock: "manual", hasLagPanel: false });
    await using ada = await Bot.join(game.streamUrl, { room: "blue" });
    await using bob = await Bot.join(game.streamUrl, { room: "blue" });
    await Promise.all([ada.settle(), bob.settle()]);
    await using eve = await Bot.join(game.streamUrl, { room: "blue" });
    expect((await eve.hear("refused")).reason).toBe("both seats are taken; you can watch");
    eve.say({ type: "join", token: "no" });
    expect((await eve.hear("refused")).reason).toBe("no seat has this token any more");
    eve.say({ type: "join", room: "blue", as: "spectator" });
    expect((await eve.hear("welcome")).side).toBeNull();
    eve.say({ type: "rematch" });
    expect((await eve.hear("refused")).reason).toBe("only players may ask for another game");
    eve.say({ type: "join" });
    expect((await eve.hear("refused")).reason).toBe("leave the room that you are in first");
    eve.say({ type: "lag", latencyMs: 1, jitterMs: 0, lossPercent: 0 });
    expect((await eve.hear("refused")).reason).toBe("this server has no lag panel");
    eve.say({ type: "leave" });
    expect((await eve.hear("left")).reason).toBe("you left");
    expect((await eve.hear("rooms")).rooms).toMatchObject([{ room: "blue", spectators: 0 }]);
  });

  test("does not make its snapshots wait for it: they are skipped while it does not read", async () => {
    await using game = await startGame({
      clock: "manual",
      maxBufferedBytes: 64_000_000,
      maxMessagesPerSecond: Infinity,
    });
    await using ada = await Bot.join(game.streamUrl, { name: "Ada" });
    await using bob = await Bot.join(game.streamUrl, { name: "Bob" });
    await Promise.all([ada.settle(), bob.settle()]);
    ada.peer.socket.pause();
    // The system's buffers take some megabytes before anything waits here.
    while (game.room("Table 1").snapshots.skipped < 100) {
      game.step(3_000);
      await bob.settle();
    }
    const waiting = process.memoryUsage().arrayBuffers;
    game.step(60_000);
    expect(process.memoryUsage().arrayBuffers - waiting).toBeLessThan(16_000_000);
    ada.peer.socket.resume();
    await ada.settle();
    game.step(3);
    await ada.settle();
    expect(ada.snapshot?.tick).toBe(game.ticks);
  });
});

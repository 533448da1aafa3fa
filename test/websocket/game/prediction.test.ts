import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Direction } from "../../../wire/pong/court.ts";
import { replay } from "../../../wire/pong/log.ts";
import { stateHash } from "../../../wire/pong/state.ts";
import { draw } from "../../../wire/exchange/draw.ts";
import { anyDirection } from "./arbitrary.ts";
import { VirtualGame, VirtualPlayer } from "./virtual-game.ts";

/** Key presses: how long each lasts, in milliseconds, and where it steers. */
const anyKeys = fc.array(fc.tuple(fc.integer({ min: 20, max: 400 }), anyDirection), {
  minLength: 5,
  maxLength: 25,
});

function jitter(seed: number, latencyMs: number, jitterMs: number): () => number {
  let drawn = 0;
  return () => latencyMs + Math.round((draw(seed, 1, 1, drawn++) * 2 - 1) * jitterMs);
}

/** Ada plays by these keys over a bad connection; then everybody rests until everything has arrived. */
function play(
  keys: readonly (readonly [number, Direction])[],
  delayMs: () => number,
  form: "json" | "binary" = "json",
): { readonly game: VirtualGame; readonly ada: VirtualPlayer; readonly errors: readonly number[] } {
  const game = new VirtualGame();
  const ada = new VirtualPlayer(game, "Ada", { delayMs, form });
  const bob = new VirtualPlayer(game, "Bob", {});
  const errors: number[] = [];
  let comparisons = 0;
  const frame = (): void => {
    ada.frame();
    bob.frame();
    const { statistics } = ada.player;
    if (statistics.comparisons === comparisons) return;
    comparisons = statistics.comparisons;
    errors.push(statistics.error);
  };
  // Round trips are learnt before anybody steers.
  game.pass(3_000, frame);
  for (const [ms, direction] of keys) {
    ada.steer(direction);
    game.pass(ms, frame);
  }
  ada.steer(0);
  game.pass(2_000, frame);
  return { game, ada, errors };
}

describe.each(["json", "binary"] as const)("the own paddle, in %s,", (form) => {
  test("is guessed right all the time over an even connection, however long it is", () => {
    fc.assert(
      fc.property(anyKeys, fc.integer({ min: 0, max: 300 }), (keys, latencyMs) => {
        const { ada, errors } = play(keys, () => latencyMs, form);
        expect(errors.length).toBeGreaterThan(50);
        expect(errors.filter((error) => error > 0)).toEqual([]);
        expect(ada.player.statistics.corrections).toBe(0);
      }),
      { numRuns: 15 },
    );
  });

  test("at 150 ms ± 50 ms each way is where the server has it once everything was heard, and corrections are counted", () => {
    fc.assert(
      fc.property(anyKeys, fc.integer(), (keys, seed) => {
        const { game, ada, errors } = play(keys, jitter(seed, 150, 50), form);
        const { state } = ada.place.room;
        const { statistics } = ada.player;
        expect(ada.player.view(game.nowMs)?.paddles[0]).toBe(state.paddles[0]);
        expect(statistics).toMatchObject({ error: 0, pending: 0 });
        expect(statistics.corrections).toBe(errors.filter((error) => error > 0).length);
      }),
      { numRuns: 15 },
    );
  });
});

test("a guess that was wrong is put right, counted, and right again", () => {
  const game = new VirtualGame();
  let delayMs = 20;
  const ada = new VirtualPlayer(game, "Ada", { delayMs: () => delayMs });
  const bob = new VirtualPlayer(game, "Bob", {});
  const frame = (): void => [ada, bob].forEach((one) => one.frame());
  game.pass(2_000, frame);
  // One input comes 150 ms later than any before it: the server begins to move the paddle later than was guessed.
  delayMs = 170;
  ada.steer(1);
  game.pass(100, frame);
  delayMs = 20;
  ada.steer(0);
  game.pass(1_500, frame);
  expect(ada.player.statistics.corrections).toBeGreaterThan(0);
  expect(ada.player.statistics).toMatchObject({ error: 0, pending: 0 });
  expect(ada.player.view(game.nowMs)?.paddles[0]).toBe(ada.place.room.state.paddles[0]);
});

test("an input that the server refuses is sent again, and takes effect", () => {
  const game = new VirtualGame({ bounds: { maxLateTicks: 0, maxEarlyTicks: 60, maxPerSecond: 60 } });
  let delayMs = 20;
  const ada = new VirtualPlayer(game, "Ada", { delayMs: () => delayMs });
  const bob = new VirtualPlayer(game, "Bob", {});
  const frame = (): void => [ada, bob].forEach((one) => one.frame());
  game.pass(2_000, frame);
  delayMs = 400;
  ada.steer(1);
  game.pass(1, frame);
  delayMs = 20;
  game.pass(800, frame);
  expect(ada.place.room.refusals.late).toBe(1);
  game.pass(1_500, frame);
  expect(ada.place.room.state.directions[0]).toBe(1);
});

test("without prediction the own paddle follows a round trip later", () => {
  const moved = (isPredicting: boolean): number => {
    const game = new VirtualGame();
    const ada = new VirtualPlayer(game, "Ada", { delayMs: () => 100, isPredicting });
    const bob = new VirtualPlayer(game, "Bob", {});
    const frame = (): void => [ada, bob].forEach((one) => one.frame());
    game.pass(2_000, frame);
    ada.steer(1);
    const from = ada.player.view(game.nowMs)!.paddles[0];
    let ms = 0;
    while (ada.player.view(game.nowMs)!.paddles[0] === from) {
      game.pass(1, frame);
      ms += 1;
    }
    return ms;
  };
  expect(moved(true)).toBeLessThan(20);
  expect(moved(false)).toBeGreaterThan(200);
});

test("the other paddle is shown a tenth of a second behind, between two snapshots, and never jumps", () => {
  const game = new VirtualGame();
  const ada = new VirtualPlayer(game, "Ada", { delayMs: jitter(3, 80, 30) });
  const bob = new VirtualPlayer(game, "Bob", {});
  const shown: number[] = [];
  const frame = (): void => [ada, bob].forEach((one) => one.frame());
  game.pass(2_000, frame);
  bob.steer(1);
  game.pass(500, () => {
    frame();
    if (Math.round(game.nowMs) % 4 === 0) shown.push(ada.player.view(game.nowMs)!.paddles[1]);
  });
  const steps = shown.slice(1).map((y, index) => y - shown[index]!);
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
  // 4 ms of a paddle's speed are 23; what is new about the clock may add a little, never a whole snapshot (288).
  expect(Math.max(...steps)).toBeLessThan(200);
  const behind = bob.place.room.state.paddles[1] - shown.at(-1)!;
  expect(behind).toBeGreaterThan(0);
});

test("what was played over a bad connection replays to the same hash", () => {
  fc.assert(
    fc.property(anyKeys, fc.integer(), (keys, seed) => {
      const { ada } = play(keys, jitter(seed, 150, 50));
      const { state, log } = ada.place.room;
      expect(stateHash(replay(log, state.tick))).toBe(stateHash(state));
    }),
    { numRuns: 10 },
  );
});

test("the clock of the server is known to a few milliseconds", () => {
  const game = new VirtualGame();
  const ada = new VirtualPlayer(game, "Ada", { delayMs: jitter(9, 60, 40) });
  game.pass(5_000, () => ada.frame());
  const { offsetMs, roundTripMs, jitterMs } = ada.player.statistics;
  expect(Math.abs(offsetMs)).toBeLessThan(20);
  expect(roundTripMs).toBeGreaterThanOrEqual(40);
  expect(jitterMs).toBeGreaterThan(5);
});

test("a way that becomes longer while somebody plays is learnt, and the own paddle is right again", () => {
  const game = new VirtualGame();
  let delayMs = 5;
  const ada = new VirtualPlayer(game, "Ada", { delayMs: () => delayMs, aheadMs: 60_000 });
  const bob = new VirtualPlayer(game, "Bob", {});
  const frame = (): void => [ada, bob].forEach((one) => one.frame());
  game.pass(2_000, frame);
  delayMs = 400;
  ada.say({ type: "lag", latencyMs: 400, jitterMs: 0, lossPercent: 0 });
  game.pass(3_000, frame);
  ada.steer(1);
  game.pass(50, frame);
  expect(ada.player.view(ada.nowMs)!.paddles[0]).toBeGreaterThan(3_600);
  game.pass(200, frame);
  ada.steer(0);
  game.pass(2_000, frame);
  expect(ada.player.statistics).toMatchObject({ error: 0, pending: 0 });
  expect(ada.player.view(ada.nowMs)?.paddles[0]).toBe(ada.place.room.state.paddles[0]);
  expect(ada.place.room.refusals).toMatchObject({ late: 0, early: 0 });
});

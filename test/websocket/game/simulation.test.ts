import fc from "fast-check";
import { expect, test } from "vitest";
import { court } from "../../../wire/pong/court.ts";
import { applyEvent, type LoggedEvent, replay } from "../../../wire/pong/log.ts";
import { emptyCourt, type PongRules, type PongState, stateHash } from "../../../wire/pong/state.ts";
import { step } from "../../../wire/pong/step.ts";
import { anyEvent } from "./arbitrary.ts";

const rules: PongRules = { pointsToWin: 3, serveTicks: 5, resumeTicks: 20 };

/** Events with the number of ticks before each. */
const anyGame = fc.array(fc.tuple(fc.nat({ max: 120 }), anyEvent), { minLength: 1, maxLength: 60 });

function play(seed: number, game: readonly (readonly [number, Parameters<typeof applyEvent>[1]])[]) {
  const from = emptyCourt(seed);
  const events: LoggedEvent[] = [];
  const states: PongState[] = [from];
  let state = from;
  for (const [ticks, event] of game) {
    for (let n = 0; n < ticks; n++) states.push((state = step(state, rules)));
    events.push({ ...event, tick: state.tick });
    states.push((state = applyEvent(state, event, rules)));
  }
  for (let n = 0; n < 100; n++) states.push((state = step(state, rules)));
  return { log: { rules, from, events }, state, states };
}

test("a log replays to the same hash, and to the same state at every tick", () => {
  fc.assert(
    fc.property(fc.integer(), anyGame, (seed, game) => {
      const { log, state, states } = play(seed, game);
      expect(stateHash(replay(log, state.tick))).toBe(stateHash(state));
      // The last state of a tick is the one after its events.
      const byTick = new Map(states.map((one) => [one.tick, one]));
      const middle = Math.floor(state.tick / 2);
      expect(replay(log, middle)).toEqual(byTick.get(middle));
    }),
    { numRuns: 300 },
  );
});

test("a log with one event taken out is another game", () => {
  const game = [
    [0, { type: "start" }],
    [20, { type: "steer", side: 0, direction: -1 }],
    [30, { type: "steer", side: 0, direction: 0 }],
  ] as const;
  const { log, state } = play(7, game);
  const without = { ...log, events: log.events.slice(0, -1) };
  expect(stateHash(replay(without, state.tick))).not.toBe(stateHash(state));
});

function isSound({ ball, paddles, random, until, score }: PongState): boolean {
  const numbers = [ball.x, ball.y, ball.vx, ball.vy, ...paddles, random, until, ...score];
  return (
    numbers.every(Number.isInteger) &&
    random !== 0 &&
    ball.y >= court.ballHalf &&
    ball.y <= court.height - court.ballHalf &&
    Math.abs(ball.vx) <= court.maxSpeed &&
    paddles.every((y) => y >= court.paddleHalf && y <= court.height - court.paddleHalf)
  );
}

test("every state is whole numbers within the court", () => {
  fc.assert(
    fc.property(fc.integer(), anyGame, (seed, game) => {
      expect(play(seed, game).states.filter((state) => !isSound(state))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test("a paddle in the way sends the ball back faster, however fast it comes; one out of the way does not", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: court.serveSpeed, max: court.maxSpeed }),
      fc.integer({ min: -court.maxSlant, max: court.maxSlant }),
      fc.integer({ min: 1_000, max: 6_000 }),
      fc.boolean(),
      (speed, slant, y, isThere) => {
        const depth = court.paddleMargin + court.paddleWidth + court.ballHalf;
        const before: PongState = {
          ...emptyCourt(1),
          phase: "playing",
          ball: { x: depth + Math.floor(speed / 2) + 1, y, vx: -speed, vy: slant },
          paddles: [isThere ? y : y > 3_600 ? 640 : 6_560, 3_600],
        };
        const after = step(before, rules);
        if (isThere) {
          expect(after.ball.vx).toBe(Math.min(court.maxSpeed, speed + court.hitSpeedUp));
          expect(after.ball.x).toBe(depth);
        } else expect(after.ball.vx).toBe(-speed);
      },
    ),
  );
});

test("a game that nobody steers ends, by points and not by time", () => {
  for (let seed = 0; seed < 50; seed++) {
    let state = applyEvent(emptyCourt(seed), { type: "start" }, rules);
    // Paddles in the corner meet nothing.
    state = applyEvent(state, { type: "steer", side: 0, direction: -1 }, rules);
    state = applyEvent(state, { type: "steer", side: 1, direction: -1 }, rules);
    while (state.phase !== "over" && state.tick < 20_000) state = step(state, rules);
    expect(state.phase).toBe("over");
    expect(state.score[state.winner!]).toBe(3);
  }
});

test("neighbouring seeds give different games", () => {
  const hashes = Array.from({ length: 100 }, (_, seed) => {
    let state = applyEvent(emptyCourt(seed), { type: "start" }, rules);
    for (let n = 0; n < 60; n++) state = step(state, rules);
    return `${state.ball.x},${state.ball.y}`;
  });
  expect(new Set(hashes).size).toBeGreaterThan(60);
});

test("while the game is paused nothing moves, and afterwards the ball goes on as it flew", () => {
  let state = applyEvent(emptyCourt(3), { type: "start" }, rules);
  for (let n = 0; n < 30; n++) state = step(state, rules);
  const { ball, paddles } = state;
  expect(state.phase).toBe("playing");
  state = applyEvent(state, { type: "pause" }, rules);
  state = applyEvent(state, { type: "steer", side: 0, direction: 1 }, rules);
  for (let n = 0; n < 30; n++) state = step(state, rules);
  expect(state).toMatchObject({ phase: "paused", until: 0, ball, paddles });
  state = applyEvent(state, { type: "resume" }, rules);
  for (let n = 0; n < 5; n++) state = step(state, rules);
  expect(state).toMatchObject({ phase: "playing", ball });
  expect(step(state, rules).ball.x).toBe(ball.x + ball.vx);
});

import { court, type Direction, type Pair, type Side } from "./court.ts";

/**
 * `waiting` for a second player, `countdown` before the ball moves, `playing`, `paused` because somebody is gone,
 * `over`.
 */
export type Phase = "waiting" | "countdown" | "playing" | "paused" | "over";

/** The phases in the order of their numbers on the wire. */
export const phases: readonly Phase[] = ["waiting", "countdown", "playing", "paused", "over"];

/** Where the ball is and how far it goes in a tick. */
export interface Ball {
  readonly x: number;
  readonly y: number;
  readonly vx: number;
  readonly vy: number;
}

/** All that a game is at one tick. Whole numbers only; never changed in place. */
export interface PongState {
  readonly tick: number;
  readonly phase: Phase;
  /** Ticks until the countdown or the pause is over. */
  readonly until: number;
  readonly ball: Ball;
  /** The middles of the paddles. */
  readonly paddles: Pair<number>;
  /** Where they go. */
  readonly directions: Pair<Direction>;
  readonly score: Pair<number>;
  /** Who has won, when it is over. */
  readonly winner: Side | undefined;
  /** What the next serve is drawn from; never 0. */
  readonly random: number;
}

/** What is agreed before a game. */
export interface PongRules {
  readonly pointsToWin: number;
  /** From a point to the next serve. */
  readonly serveTicks: number;
  /** How long the game waits for somebody who is gone. */
  readonly resumeTicks: number;
}

/** A court on which nobody is yet. */
export function emptyCourt(seed: number): PongState {
  const middle = court.height / 2;
  return {
    tick: 0,
    phase: "waiting",
    until: 0,
    ball: { x: court.width / 2, y: middle, vx: 0, vy: 0 },
    paddles: [middle, middle],
    directions: [0, 0],
    score: [0, 0],
    winner: undefined,
    random: scrambled(seed),
  };
}

/** Eight hexadecimal digits that differ when anything in two states does, but for one chance in four thousand million. */
export function stateHash(state: PongState): string {
  const { ball } = state;
  const numbers = [
    state.tick,
    phases.indexOf(state.phase),
    state.until,
    ball.x,
    ball.y,
    ball.vx,
    ball.vy,
    ...state.paddles,
    ...state.directions,
    ...state.score,
    state.winner ?? -1,
    state.random,
  ];
  // FNV-1a over the bytes of each number.
  let hash = 0x811c9dc5;
  for (const number of numbers) {
    for (let shift = 0; shift < 32; shift += 8) {
      hash = Math.imul(hash ^ ((number >>> shift) & 255), 0x01000193);
    }
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** Seeds that are close to each other must not give games that are. */
function scrambled(seed: number): number {
  let hash = Math.imul((seed | 0) ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0 || 1;
}

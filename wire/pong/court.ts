/**
 * The court, in sixteenths of a pixel, so that everything is a whole number: the same on every machine, and small
 * enough for 16 bits.
 *
 *     0,0 ┌───────────────┬───────────────┐
 *         │ ▌             ╎             ▐ │   side 0 left, side 1 right
 *         │ ▌          •  ╎             ▐ │
 *         └───────────────┴───────────────┘ 12800,7200
 */
export const court = {
  width: 12_800,
  height: 7_200,
  /** Half the length of a paddle; `y` of a paddle is its middle. */
  paddleHalf: 640,
  /** How thick a paddle is. */
  paddleWidth: 192,
  /** From the wall to the back of a paddle. */
  paddleMargin: 320,
  /** How far a paddle goes in one tick. */
  paddleSpeed: 96,
  /** Half the side of the ball, which is a square; `x` and `y` are its middle. */
  ballHalf: 96,
  /** Across the court in one tick: at the serve, more with each hit, and at most. */
  serveSpeed: 80,
  hitSpeedUp: 5,
  maxSpeed: 208,
  /** Up or down in one tick, off the edge of a paddle. */
  maxSlant: 128,
  /** The same at the serve, at most. */
  serveSlant: 56,
} as const;

/** Ticks of the simulation in a second. */
export const tickHz = 60;

/** How long a tick lasts, in milliseconds. */
export const tickMs = 1000 / tickHz;

/** Who plays: 0 on the left, 1 on the right. */
export type Side = 0 | 1;

/** Where a paddle goes: up, nowhere, down. */
export type Direction = -1 | 0 | 1;

/** One thing for each side. */
export type Pair<Thing> = readonly [left: Thing, right: Thing];

/** The other one. */
export function otherSide(side: Side): Side {
  return side === 0 ? 1 : 0;
}

/** The pair with one of its two replaced. */
export function withSide<Thing>(pair: Pair<Thing>, side: Side, thing: Thing): Pair<Thing> {
  return side === 0 ? [thing, pair[1]] : [pair[0], thing];
}

/** Where a paddle is one tick later. */
export function movePaddle(y: number, direction: Direction): number {
  const moved = y + direction * court.paddleSpeed;
  return Math.max(court.paddleHalf, Math.min(court.height - court.paddleHalf, moved));
}

import fc from "fast-check";
import type { PongEvent } from "../../../wire/pong/log.ts";
import type { Snapshot } from "../../../wire/pong/snapshot.ts";
import { phases } from "../../../wire/pong/state.ts";

/** -1, 0 or 1. */
export const anyDirection = fc.constantFrom(-1 as const, 0 as const, 1 as const);

export const anySide = fc.constantFrom(0 as const, 1 as const);

/** What may come to a game from outside. */
export const anyEvent: fc.Arbitrary<PongEvent> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ type: fc.constant("steer" as const), side: anySide, direction: anyDirection }),
  },
  { weight: 2, arbitrary: fc.constant({ type: "start" as const }) },
  { weight: 1, arbitrary: fc.constant({ type: "pause" as const }) },
  { weight: 1, arbitrary: fc.constant({ type: "resume" as const }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("forfeit" as const), side: anySide }) },
);

/** A snapshot as it may be on the wire. */
export const anySnapshot: fc.Arbitrary<Snapshot> = fc.record({
  tick: fc.integer({ min: 0, max: 0xffff_ffff }),
  phase: fc.constantFrom(...phases),
  until: fc.integer({ min: 0, max: 0xffff }),
  ball: fc.record({
    x: fc.integer({ min: -200, max: 13_000 }),
    y: fc.integer({ min: 0, max: 7_200 }),
    vx: fc.integer({ min: -208, max: 208 }),
    vy: fc.integer({ min: -128, max: 128 }),
  }),
  paddles: fc.tuple(fc.integer({ min: 640, max: 6_560 }), fc.integer({ min: 640, max: 6_560 })),
  directions: fc.tuple(anyDirection, anyDirection),
  score: fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 })),
  winner: fc.constantFrom(undefined, 0 as const, 1 as const),
  acks: fc.tuple(fc.integer({ min: 0, max: 0x7fff }), fc.integer({ min: 0, max: 0x7fff })),
});

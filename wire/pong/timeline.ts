import { tickMs } from "./court.ts";
import type { Ball } from "./state.ts";
import type { Snapshot } from "./snapshot.ts";

/** What is drawn of the others: where they were a moment ago, between two snapshots. */
export interface Glimpse {
  readonly ball: Pick<Ball, "x" | "y">;
  readonly paddles: readonly [number, number];
  /** The newest snapshot is older than this moment: what is drawn stands still. */
  readonly isStarved: boolean;
}

/** How many snapshots are kept: two seconds of them. */
const keptSnapshots = 40;

/** A ball that moved further than this between two snapshots was put there. */
const jump = 2_400;

/**
 * The snapshots of the last moments. What others do is shown as it was 100 ms ago: between two snapshots that have
 * come, so it moves evenly although they come 20 times a second and never quite on time.
 */
export class Timeline {
  readonly #behindMs: number;
  readonly #snapshots: Snapshot[] = [];
  /** The room's time of each snapshot less our time when it came. */
  readonly #aheadMs: number[] = [];

  /** @param behindMs how far behind the quickest of the last snapshots the moment is that is shown */
  constructor(behindMs: number) {
    this.#behindMs = behindMs;
  }

  get newest(): Snapshot | undefined {
    return this.#snapshots.at(-1);
  }

  add(snapshot: Snapshot, nowMs: number): void {
    if (this.newest && snapshot.tick <= this.newest.tick) return;
    this.#snapshots.push(snapshot);
    this.#aheadMs.push(snapshot.tick * tickMs - nowMs);
    if (this.#snapshots.length > keptSnapshots) {
      this.#snapshots.shift();
      this.#aheadMs.shift();
    }
  }

  /** The tick to be shown now, which may lie between two. */
  shownTick(nowMs: number): number {
    return (nowMs + Math.max(...this.#aheadMs) - this.#behindMs) / tickMs;
  }

  /** What was at a tick; nothing before the first snapshot. */
  at(tick: number): Glimpse | undefined {
    const later = this.#snapshots.findIndex((snapshot) => snapshot.tick > tick);
    const to = this.#snapshots[later === -1 ? this.#snapshots.length - 1 : later];
    if (!to) return undefined;
    const from = later > 0 ? this.#snapshots[later - 1] : undefined;
    if (!from) return { ball: to.ball, paddles: to.paddles, isStarved: later === -1 };
    const part = (tick - from.tick) / (to.tick - from.tick);
    const isJump = Math.abs(to.ball.x - from.ball.x) > jump || Math.abs(to.ball.y - from.ball.y) > jump;
    return {
      ball: isJump
        ? from.ball
        : { x: between(from.ball.x, to.ball.x, part), y: between(from.ball.y, to.ball.y, part) },
      paddles: [between(from.paddles[0], to.paddles[0], part), between(from.paddles[1], to.paddles[1], part)],
      isStarved: false,
    };
  }
}

function between(from: number, to: number, part: number): number {
  return from + (to - from) * part;
}

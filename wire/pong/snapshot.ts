import type { Pair } from "./court.ts";
import type { PongState } from "./state.ts";

/** What is told of a game: its state without the random number, and the last input of each side that is in it. */
export interface Snapshot extends Omit<PongState, "random"> {
  /** The number of the last input of each side that was taken or refused: all that came before is in this state. */
  readonly acks: Pair<number>;
}

/** What is different since an earlier snapshot. */
export interface Delta {
  readonly tick: number;
  /** The tick of the snapshot that this is the difference to. */
  readonly from: number;
  readonly changes: Partial<Omit<Snapshot, "tick">>;
}

/** What a state looks like to others. */
export function snapshotOf(state: PongState, acks: Pair<number>): Snapshot {
  const { tick, phase, until, ball, paddles, directions, score, winner } = state;
  return { tick, phase, until, ball, paddles, directions, score, winner, acks };
}

/** The difference between two snapshots of one game. */
export function deltaBetween(from: Snapshot, to: Snapshot): Delta {
  const changes: Partial<Omit<Snapshot, "tick">> = {
    // The three travel in one byte, so they change together.
    ...(from.phase === to.phase && from.winner === to.winner && isSame(from.directions, to.directions)
      ? {}
      : { phase: to.phase, winner: to.winner, directions: to.directions }),
    ...(from.until === to.until ? {} : { until: to.until }),
    ...(isSameBall(from.ball, to.ball) ? {} : { ball: to.ball }),
    ...(isSame(from.paddles, to.paddles) ? {} : { paddles: to.paddles }),
    ...(isSame(from.score, to.score) ? {} : { score: to.score }),
    ...(isSame(from.acks, to.acks) ? {} : { acks: to.acks }),
  };
  return { tick: to.tick, from: from.tick, changes };
}

/** The snapshot after a delta; nothing when it is the difference to another one. */
export function applyDelta(from: Snapshot, delta: Delta): Snapshot | undefined {
  return from.tick === delta.from ? { ...from, ...delta.changes, tick: delta.tick } : undefined;
}

function isSame(one: Pair<number>, other: Pair<number>): boolean {
  return one[0] === other[0] && one[1] === other[1];
}

function isSameBall(one: Snapshot["ball"], other: Snapshot["ball"]): boolean {
  return one.x === other.x && one.y === other.y && one.vx === other.vx && one.vy === other.vy;
}

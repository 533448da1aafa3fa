import { type Direction, otherSide, type Side, withSide } from "./court.ts";
import type { PongRules, PongState } from "./state.ts";
import { serve, step } from "./step.ts";

/** What comes to a game from outside. Everything else follows from the state. */
export type PongEvent =
  | { readonly type: "steer"; readonly side: Side; readonly direction: Direction }
  /** A new game, from 0 to 0. */
  | { readonly type: "start" }
  | { readonly type: "pause" }
  | { readonly type: "resume" }
  /** A side gives up. */
  | { readonly type: "forfeit"; readonly side: Side };

/** An event, and the tick of the state that it changed. */
export type LoggedEvent = PongEvent & { readonly tick: number };

/** All that is needed to have a game again. */
export interface PongLog {
  readonly rules: PongRules;
  readonly from: PongState;
  readonly events: readonly LoggedEvent[];
}

/** The state after an event, at the same tick. */
export function applyEvent(state: PongState, event: PongEvent, rules: PongRules): PongState {
  switch (event.type) {
    case "steer":
      return { ...state, directions: withSide(state.directions, event.side, event.direction) };
    case "start":
      return serve({ ...state, score: [0, 0], winner: undefined }, rules);
    case "pause":
      // Nobody holds a key any more when the game goes on.
      return { ...state, phase: "paused", until: rules.resumeTicks, directions: [0, 0] };
    case "resume":
      return { ...state, phase: "countdown", until: rules.serveTicks };
    case "forfeit":
      return { ...state, phase: "over", until: 0, winner: otherSide(event.side), directions: [0, 0] };
  }
}

/**
 * The game again, from its log.
 * @param untilTick the tick to stop at
 * @returns the state at that tick; its hash is the hash of the state that was
 */
export function replay(log: PongLog, untilTick: number): PongState {
  let state = log.from;
  let next = 0;
  for (;;) {
    while (next < log.events.length && log.events[next]!.tick <= state.tick) {
      state = applyEvent(state, log.events[next++]!, log.rules);
    }
    if (state.tick >= untilTick) return state;
    state = step(state, log.rules);
  }
}

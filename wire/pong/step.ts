import { court, movePaddle, otherSide, type Side, withSide } from "./court.ts";
import type { Ball, PongRules, PongState } from "./state.ts";

/**
 * The game one tick later. Pure, and in whole numbers: the same state gives the same next one in every process and in
 * every browser.
 */
export function step(state: PongState, rules: PongRules): PongState {
  const tick = state.tick + 1;
  if (state.phase === "over") return { ...state, tick };
  const until = Math.max(0, state.until - 1);
  if (state.phase === "paused") return { ...state, tick, until };
  const paddles = [
    movePaddle(state.paddles[0], state.directions[0]),
    movePaddle(state.paddles[1], state.directions[1]),
  ] as const;
  const moved: PongState = { ...state, tick, paddles };
  if (state.phase === "waiting") return moved;
  if (state.phase === "countdown") return { ...moved, until, phase: until === 0 ? "playing" : "countdown" };
  const ball = moveBall(state.ball, paddles);
  if (ball.x < -court.ballHalf) return point({ ...moved, ball }, 1, rules);
  if (ball.x > court.width + court.ballHalf) return point({ ...moved, ball }, 0, rules);
  return { ...moved, ball };
}

/** The ball in the middle, about to go somewhere that the random number decides. */
export function serve(state: PongState, rules: PongRules): PongState {
  let { random } = state;
  // xorshift32: small, whole numbers only, and never 0 when it was not before.
  random ^= random << 13;
  random ^= random >>> 17;
  random ^= random << 5;
  random >>>= 0;
  const vx = (random & 1) === 0 ? court.serveSpeed : -court.serveSpeed;
  const vy = ((random >>> 1) % (2 * court.serveSlant + 1)) - court.serveSlant;
  return {
    ...state,
    random,
    phase: "countdown",
    until: rules.serveTicks,
    ball: { x: court.width / 2, y: court.height / 2, vx, vy },
  };
}

function point(state: PongState, scorer: Side, rules: PongRules): PongState {
  const score = withSide(state.score, scorer, state.score[scorer] + 1);
  if (score[scorer] < rules.pointsToWin) return serve({ ...state, score }, rules);
  return { ...state, score, phase: "over", until: 0, winner: scorer };
}

function moveBall(ball: Ball, paddles: PongState["paddles"]): Ball {
  const flown = bounceOffWalls({ ...ball, x: ball.x + ball.vx, y: ball.y + ball.vy });
  const side: Side = ball.vx < 0 ? 0 : 1;
  // Where the front of the ball meets the front of the paddle it flies to.
  const depth = court.paddleMargin + court.paddleWidth + court.ballHalf;
  const plane = side === 0 ? depth : court.width - depth;
  const hasCrossed = side === 0 ? ball.x > plane && flown.x <= plane : ball.x < plane && flown.x >= plane;
  if (!hasCrossed) return flown;
  // However fast it flies, it is judged where it meets the paddle, not where the tick ends.
  const crossedAt = ball.y + Math.trunc((ball.vy * (plane - ball.x)) / ball.vx);
  const offset = crossedAt - paddles[side];
  const reach = court.paddleHalf + court.ballHalf;
  if (Math.abs(offset) > reach) return flown;
  const speed = Math.min(court.maxSpeed, Math.abs(ball.vx) + court.hitSpeedUp);
  return {
    x: plane,
    y: flown.y,
    vx: otherSide(side) === 1 ? speed : -speed,
    vy: Math.trunc((offset * court.maxSlant) / reach),
  };
}

function bounceOffWalls(ball: Ball): Ball {
  const top = court.ballHalf;
  const bottom = court.height - court.ballHalf;
  if (ball.y < top) return { ...ball, y: 2 * top - ball.y, vy: -ball.vy };
  if (ball.y > bottom) return { ...ball, y: 2 * bottom - ball.y, vy: -ball.vy };
  return ball;
}

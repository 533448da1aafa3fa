import { tickHz } from "../../../wire/pong/court.ts";
import { type WebSocketOptions } from "../options.ts";

/** How to start a game server. Every field may be left out. */
export interface GameOptions extends WebSocketOptions {
  /** Points that win a game, up to 255. @default 7 */
  readonly pointsToWin?: number;
  /** From a point to the next serve, in milliseconds. @default 1_000 */
  readonly serveMs?: number;
  /** How long a game waits for a player whose connection was lost, in milliseconds. @default 10_000 */
  readonly resumeMs?: number;
  /** Snapshots a second; the 60 ticks must be a multiple of it. @default 20 */
  readonly snapshotHz?: number;
  /** `real`: 60 ticks a second. `manual`: only when `step` is called. @default "real" */
  readonly clock?: "real" | "manual";
  /** Seeds the games, and what is random in the rules: the same seed and the same inputs give the same games. @default 1 */
  readonly seed?: number;
  /** Rooms at the same time. @default 1_000 */
  readonly maxRooms?: number;
  /** Spectators of one room. @default 100 */
  readonly maxSpectators?: number;
  /** How late an input may come; a later one moves nothing. In milliseconds. @default 200 */
  readonly maxLateMs?: number;
  /** How far ahead the tick of an input may be. In milliseconds. @default 1_000 */
  readonly maxEarlyMs?: number;
  /** Inputs of one player; what is more moves nothing. Half a second's worth may come at once. @default 60 */
  readonly maxInputsPerSecond?: number;
  /** Malformed messages after which a connection is closed with 1008. @default 20 */
  readonly maxMalformedMessages?: number;
  /** Who has not taken more than this is told no snapshots: they are skipped, never queued. @default 256 */
  readonly maxUnsentBytes?: number;
  /** Whether players may make their own connection bad: the lag panel of the page. @default true */
  readonly hasLagPanel?: boolean;
  /** Events that a room's log keeps; with more, it begins anew at that state. @default 100_000 */
  readonly maxLogEvents?: number;
}

/** The options of the game itself; the others are the server's. */
export type GameRulesOptions = Required<Omit<GameOptions, keyof WebSocketOptions>> & {
  readonly seed: number;
};

/** Messages are small, and a player who is gone must be noticed soon. */
export const gameDefaults: GameRulesOptions & WebSocketOptions = {
  pointsToWin: 7,
  serveMs: 1_000,
  resumeMs: 10_000,
  snapshotHz: 20,
  clock: "real",
  seed: 1,
  maxRooms: 1_000,
  maxSpectators: 100,
  maxLateMs: 200,
  maxEarlyMs: 1_000,
  maxInputsPerSecond: 60,
  maxMalformedMessages: 20,
  maxUnsentBytes: 256,
  hasLagPanel: true,
  maxLogEvents: 100_000,
  maxMessageBytes: 4_096,
  maxMessagesPerSecond: 300,
  pingIntervalMs: 2_000,
  pongTimeoutMs: 3_000,
};

/**
 * The options merged with the defaults.
 * @throws TypeError for a value that cannot be
 */
export function resolveGameOptions(options: GameOptions): GameRulesOptions & WebSocketOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolved = { ...gameDefaults, ...given };
  const { pointsToWin, snapshotHz, serveMs, resumeMs } = resolved;
  if (!(Number.isInteger(pointsToWin) && pointsToWin >= 1 && pointsToWin <= 255)) {
    throw new TypeError(`startGame: pointsToWin is a whole number from 1 to 255, not ${pointsToWin}`);
  }
  if (!(Number.isInteger(snapshotHz) && snapshotHz >= 1 && tickHz % snapshotHz === 0)) {
    throw new TypeError(`startGame: snapshotHz is ${snapshotHz}; it must divide ${tickHz}, such as 20`);
  }
  for (const [name, ms] of Object.entries({ serveMs, resumeMs })) {
    if (!(ms >= 0 && ms <= 600_000)) throw new TypeError(`startGame: ${name} is 0 to 600000, not ${ms}`);
  }
  return resolved;
}

import type { Direction, Pair, Side } from "./court.ts";
import type { Phase } from "./state.ts";
import type { Delta, Snapshot } from "./snapshot.ts";

/**
 * What is said between a game and those who play or watch, as values. `json-messages.ts` writes and reads all of it as
 * text; `binary-messages.ts` writes and reads what is said often in a few bytes.
 */

/** How what is said often travels. */
export type Form = "json" | "binary";

/** Come into a room. Without its name: one where somebody waits, or a new one. */
export interface JoinMessage {
  readonly type: "join";
  readonly room?: string;
  /** What others call you; what a token brings back keeps its name. */
  readonly name?: string;
  /** @default "player" */
  readonly as?: "player" | "spectator";
  /** @default "json" */
  readonly form?: Form;
  /** Take the seat again that this belongs to. */
  readonly token?: string;
}

/** Steer from a tick on. */
export interface InputMessage {
  readonly type: "input";
  /** Counts up from 1 for each seat. */
  readonly seq: number;
  /** The tick at which it counts; the client's guess of where the server will be when it comes. */
  readonly tick: number;
  readonly direction: Direction;
}

/** What makes the way to this client bad, on purpose; all 0 makes it good again. */
export interface LagMessage {
  readonly type: "lag";
  /** Added to the way there and to the way back, each. */
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** How many pieces have to be sent again, which takes TCP at least 200 ms. */
  readonly lossPercent: number;
}

export type ClientMessage =
  | JoinMessage
  | InputMessage
  | LagMessage
  | { readonly type: "ping"; readonly id: number }
  | { readonly type: "rematch" }
  | { readonly type: "leave" };

/** A room as the lobby lists it. */
export interface RoomListing {
  readonly room: string;
  readonly phase: Phase;
  /** Their names; nothing where a seat is free. */
  readonly players: Pair<string | null>;
  readonly score: Pair<number>;
  readonly spectators: number;
}

/** You are in. */
export interface WelcomeMessage {
  readonly type: "welcome";
  readonly room: string;
  /** Nothing for a spectator. */
  readonly side: Side | null;
  readonly name: string;
  readonly form: Form;
  /** Brings the seat back after the connection was lost; nothing for a spectator. */
  readonly token: string | null;
  readonly tick: number;
  readonly pointsToWin: number;
  readonly resumeMs: number;
}

/** Who sits where, whenever that changes. */
export interface PlayersMessage {
  readonly type: "players";
  readonly players: Pair<{
    readonly name: string;
    readonly isHere: boolean;
    readonly wantsRematch: boolean;
  } | null>;
  readonly spectators: number;
}

export type ServerMessage =
  | { readonly type: "rooms"; readonly rooms: readonly RoomListing[] }
  | WelcomeMessage
  | PlayersMessage
  | { readonly type: "snapshot"; readonly snapshot: Snapshot }
  | { readonly type: "delta"; readonly delta: Delta }
  /** `timeMs` is the time of the room: its ticks, and what has passed of the next one. */
  | { readonly type: "pong"; readonly id: number; readonly timeMs: number }
  | {
      readonly type: "lag";
      readonly latencyMs: number;
      readonly jitterMs: number;
      readonly lossPercent: number;
    }
  /** Out of the room, by `leave` or because it closed. */
  | { readonly type: "left"; readonly reason: string }
  | { readonly type: "refused"; readonly what: string; readonly reason: string };

/** The largest number of a tick. */
export const maxTick = 0xffff_ffff;

/** The longest name of a player or of a room, in UTF-16 units. */
export const maxNameLength = 24;

/** The largest latency and jitter that a client may ask for. */
export const maxLagMs = 2_000;

/** The largest part of lost pieces that a client may ask for. */
export const maxLossPercent = 50;

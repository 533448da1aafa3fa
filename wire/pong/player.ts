import { type Direction, movePaddle, type Pair, type Side, tickMs, withSide } from "./court.ts";
import type {
  ClientMessage,
  PlayersMessage,
  RoomListing,
  ServerMessage,
  WelcomeMessage,
} from "./messages.ts";
import { OwnPaddle } from "./own-paddle.ts";
import { ServerClock } from "./server-clock.ts";
import { applyDelta, type Snapshot } from "./snapshot.ts";
import { Timeline } from "./timeline.ts";

/** How somebody plays. */
export interface PongPlayerOptions {
  /** How far behind the others are shown, in milliseconds. @default 100 */
  readonly behindMs?: number;
  /** Whether the own paddle moves at once, and not when the server says so. @default true */
  readonly isPredicting?: boolean;
}

/** What is to be drawn now. Places are in sixteenths of a pixel, with fractions between two ticks. */
export interface PongView {
  readonly snapshot: Snapshot;
  readonly ball: { readonly x: number; readonly y: number };
  readonly paddles: Pair<number>;
  readonly isStarved: boolean;
}

/** What is known of the connection and of the guesses. */
export interface PongStatistics {
  readonly roundTripMs: number;
  readonly jitterMs: number;
  readonly offsetMs: number;
  /** How many ticks the own paddle is ahead of the server. */
  readonly leadTicks: number;
  readonly corrections: number;
  readonly comparisons: number;
  /** How far the last guess was off, in sixteenths of a pixel. */
  readonly error: number;
  /** Inputs on their way. */
  readonly pending: number;
  readonly snapshots: number;
  readonly deltas: number;
}

/** How often the server is asked for the time, and at the beginning. */
const pingMs = 500;
const firstPingMs = 50;
const firstPings = 5;

/** How soon an input is sent again that had no effect. */
const againMs = 250;

/** The server takes inputs up to a second ahead. */
const maxLeadMs = 900;

/**
 * One who plays or watches, at the other end of a connection: what was heard goes in, what is to be said and drawn
 * comes out. It knows no socket and no clock, so the page, the client and the tests have the same.
 */
export class PongPlayer {
  isPredicting: boolean;
  welcome: WelcomeMessage | undefined;
  rooms: readonly RoomListing[] = [];
  players: PlayersMessage | undefined;
  readonly #behindMs: number;
  readonly #clock = new ServerClock();
  #timeline: Timeline;
  #own: OwnPaddle | undefined;
  #wanted: Direction = 0;
  #pings = 0;
  #pingedMs = -Infinity;
  #steeredMs = -Infinity;
  #snapshots = 0;
  #deltas = 0;

  constructor({ behindMs = 100, isPredicting = true }: PongPlayerOptions = {}) {
    this.#behindMs = behindMs;
    this.isPredicting = isPredicting;
    this.#timeline = new Timeline(behindMs);
  }

  /** The newest state that the server told. */
  get snapshot(): Snapshot | undefined {
    return this.#timeline.newest;
  }

  get side(): Side | undefined {
    return this.welcome?.side ?? undefined;
  }

  /** The clock of the server was heard, so that inputs can be given a tick. */
  get isInTime(): boolean {
    return this.#clock.isSet;
  }

  /** The server said something, at `nowMs` of any clock that goes on evenly. */
  hear(message: ServerMessage, nowMs: number): void {
    switch (message.type) {
      case "rooms":
        this.rooms = message.rooms;
        return;
      case "welcome":
        this.#begin(message);
        return;
      case "players":
        this.players = message;
        return;
      case "pong":
        this.#clock.pong(message.id, message.timeMs, nowMs);
        return;
      case "snapshot":
        this.#snapshots += 1;
        this.#told(message.snapshot, nowMs);
        return;
      case "delta": {
        this.#deltas += 1;
        const snapshot = this.snapshot && applyDelta(this.snapshot, message.delta);
        if (snapshot) this.#told(snapshot, nowMs);
        return;
      }
      case "left":
        this.welcome = undefined;
        this.players = undefined;
        this.#own = undefined;
        this.#timeline = new Timeline(this.#behindMs);
        return;
      case "lag":
        this.#clock.relearn();
        this.#pings = 0;
        return;
      case "refused":
        return;
    }
  }

  /** Steer; what has to be said, when that is news. */
  steer(direction: Direction, nowMs: number): ClientMessage | undefined {
    if (direction === this.#wanted) return undefined;
    this.#wanted = direction;
    return this.#steer(nowMs);
  }

  /** What has to be said now although nobody touched a key: pings, and inputs that had no effect. */
  upkeep(nowMs: number): ClientMessage[] {
    if (!this.welcome) return [];
    const said: ClientMessage[] = [];
    if (nowMs - this.#pingedMs >= (this.#pings < firstPings ? firstPingMs : pingMs)) {
      this.#pings += 1;
      this.#pingedMs = nowMs;
      said.push({ type: "ping", id: this.#clock.ping(nowMs) });
    }
    this.#advance(nowMs);
    const own = this.#own;
    if (own && own.pending.length === 0 && own.heading !== this.#wanted && !this.#isFrozen) {
      const again = nowMs - this.#steeredMs >= againMs ? this.#steer(nowMs) : undefined;
      if (again) said.push(again);
    }
    return said;
  }

  /** What is to be drawn now; nothing before the first snapshot. */
  view(nowMs: number): PongView | undefined {
    const { snapshot } = this;
    if (!snapshot) return undefined;
    const glimpse = this.#timeline.at(this.#timeline.shownTick(nowMs));
    if (!glimpse) return undefined;
    this.#advance(nowMs);
    const { side } = this;
    const paddles =
      this.isPredicting && this.#own && side !== undefined
        ? withSide(glimpse.paddles, side, this.#drawn(this.#own, nowMs))
        : glimpse.paddles;
    return { snapshot, ball: glimpse.ball, paddles, isStarved: glimpse.isStarved };
  }

  get statistics(): PongStatistics {
    return {
      roundTripMs: this.#clock.roundTripMs,
      jitterMs: this.#clock.jitterMs,
      offsetMs: this.#clock.offsetMs,
      leadTicks: Math.round(this.#leadMs / tickMs),
      corrections: this.#own?.corrections ?? 0,
      comparisons: this.#own?.comparisons ?? 0,
      error: this.#own?.error ?? 0,
      pending: this.#own?.pending.length ?? 0,
      snapshots: this.#snapshots,
      deltas: this.#deltas,
    };
  }

  #begin(welcome: WelcomeMessage): void {
    this.welcome = welcome;
    this.#timeline = new Timeline(this.#behindMs);
    this.#own = undefined;
    this.#clock.reset();
    this.#pings = 0;
    this.#pingedMs = -Infinity;
  }

  #told(snapshot: Snapshot, nowMs: number): void {
    this.#timeline.add(snapshot, nowMs);
    const { side } = this;
    if (side === undefined) return;
    const told = {
      y: snapshot.paddles[side],
      direction: snapshot.directions[side],
      ack: snapshot.acks[side],
    };
    if (this.#own) this.#own.reconcile(snapshot.tick, told, this.#isFrozen);
    // Before the server's time is known no input can be given a tick.
    else if (this.#clock.isSet) this.#own = new OwnPaddle(snapshot.tick, told.y);
  }

  #steer(nowMs: number): ClientMessage | undefined {
    if (!this.#own) return undefined;
    this.#advance(nowMs);
    this.#steeredMs = nowMs;
    return this.#own.steer(this.#wanted);
  }

  #advance(nowMs: number): void {
    this.#own?.advance(Math.floor(this.#ownTick(nowMs)), this.#isFrozen);
  }

  /** A step is drawn as it is made, and not at its end. */
  #drawn(own: OwnPaddle, nowMs: number): number {
    if (this.#isFrozen) return own.y;
    const part = Math.min(1, Math.max(0, this.#ownTick(nowMs) - own.tick));
    return own.y + (movePaddle(own.y, own.heading) - own.y) * part;
  }

  /** The tick at which an input that leaves now will surely be there. */
  #ownTick(nowMs: number): number {
    return (this.#clock.serverMs(nowMs) + this.#leadMs) / tickMs;
  }

  get #leadMs(): number {
    // The quickest trip tells what is the same both ways; all that was slower may have been lost on the way there.
    const { slowestMs, quickestMs } = this.#clock;
    return Math.min(maxLeadMs, slowestMs - quickestMs / 2 + 2 * tickMs);
  }

  get #isFrozen(): boolean {
    const phase = this.snapshot?.phase;
    return phase === "paused" || phase === "over";
  }
}

import { type Side, tickMs } from "../../../wire/pong/court.ts";
import { applyEvent, type LoggedEvent, type PongEvent, type PongLog } from "../../../wire/pong/log.ts";
import type {
  InputMessage,
  PlayersMessage,
  RoomListing,
  ServerMessage,
  WelcomeMessage,
} from "../../../wire/pong/messages.ts";
import { type Snapshot, snapshotOf } from "../../../wire/pong/snapshot.ts";
import { emptyCourt, type PongRules, type PongState } from "../../../wire/pong/state.ts";
import { step } from "../../../wire/pong/step.ts";
import type { GameEvent } from "./events.ts";
import type { InputBounds, InputFault } from "./input-gate.ts";
import { Seat } from "./seat.ts";
import { type Listener, SnapshotCaster } from "./snapshot-caster.ts";

/** Somebody in a room: a player or a spectator, with a connection. */
export interface RoomMember extends Listener {
  say(message: ServerMessage): void;
  /** Somebody else took the seat with its token: this connection has no more to do here. */
  replaced(): void;
  /** Cut the connection. */
  drop(how: "rst" | "fin" | "silence"): void;
}

/** What all rooms of a server have in common. */
export interface RoomHouse {
  readonly rules: PongRules;
  readonly bounds: InputBounds;
  readonly snapshotEveryTicks: number;
  readonly maxSpectators: number;
  readonly maxUnsentBytes: number;
  readonly maxLogEvents: number;
  /** What has passed of the tick under way. */
  sinceTickMs(): number;
  tell(event: GameEvent): void;
}

/**
 * One game, its two seats and those who watch. It does no I/O and has no clock: `step` is one tick.
 *
 *     waiting ─► countdown ─► playing ─► over ─► countdown (both want a rematch)
 *                    ▲          │
 *                    └─ paused ◄┘   somebody's connection is gone; who stays away forfeits
 */
export class Room {
  readonly name: string;
  readonly seats: [Seat | undefined, Seat | undefined] = [undefined, undefined];
  readonly spectators = new Set<RoomMember>();
  readonly refusals: Record<InputFault, number> = { repeated: 0, late: 0, early: 0, frequent: 0 };
  readonly caster: SnapshotCaster;
  readonly #house: RoomHouse;
  #state: PongState;
  #from: PongState;
  #events: LoggedEvent[] = [];

  constructor(name: string, seed: number, house: RoomHouse) {
    this.name = name;
    this.#house = house;
    this.#state = this.#from = emptyCourt(seed);
    this.caster = new SnapshotCaster(house.maxUnsentBytes);
  }

  get state(): PongState {
    return this.#state;
  }

  /** The game so far, to be played again; from the beginning of the room, or as far back as is kept. */
  get log(): PongLog {
    return { rules: this.#house.rules, from: this.#from, events: [...this.#events] };
  }

  /** The room's time: its ticks, and what has passed of the next one. */
  get timeMs(): number {
    return this.#state.tick * tickMs + this.#house.sinceTickMs();
  }

  get freeSide(): Side | undefined {
    if (!this.seats[0]) return 0;
    return this.seats[1] ? undefined : 1;
  }

  /** Nobody is in it, and nobody has a seat to come back to. */
  get isEmpty(): boolean {
    return !this.seats[0] && !this.seats[1] && this.spectators.size === 0;
  }

  get listing(): RoomListing {
    const [left, right] = this.seats;
    return {
      room: this.name,
      phase: this.#state.phase,
      players: [left?.name ?? null, right?.name ?? null],
      score: this.#state.score,
      spectators: this.spectators.size,
    };
  }

  /** Sit down. The caller has seen that a side is free. */
  sit(member: RoomMember, side: Side, name: string): Seat {
    const seat = new Seat(side, name, this.#house.bounds, member, this.#state.tick);
    this.seats[side] = seat;
    this.#house.tell({ type: "joined", room: this.name, name, side });
    this.#welcome(member, seat, name);
    return seat;
  }

  /** Take a seat again. */
  resume(member: RoomMember, seat: Seat): void {
    const before = seat.member;
    seat.take(member, this.#state.tick);
    before?.replaced();
    this.#house.tell({ type: "resumed", room: this.name, name: seat.name, side: seat.side });
    this.#welcome(member, seat, seat.name);
  }

  /** Watch; no, when there are too many already. */
  watch(member: RoomMember, name: string): boolean {
    if (this.spectators.size >= this.#house.maxSpectators) return false;
    this.spectators.add(member);
    this.#house.tell({ type: "joined", room: this.name, name, side: null });
    this.#welcome(member, undefined, name);
    return true;
  }

  /** Somebody goes, and means it. */
  leave(member: RoomMember): void {
    this.spectators.delete(member);
    const seat = this.#seatOf(member);
    if (seat) this.#free(seat);
    this.#settle();
  }

  /** A connection is gone; its seat waits. */
  lose(member: RoomMember): void {
    this.spectators.delete(member);
    const seat = this.#seatOf(member);
    if (seat) {
      seat.member = undefined;
      seat.goneTick = this.#state.tick;
      this.#house.tell({ type: "lost", room: this.name, name: seat.name, side: seat.side });
    }
    this.#settle();
  }

  /** An input came. What is refused moves nothing. */
  input(seat: Seat, input: InputMessage): InputFault | undefined {
    const fault = seat.gate.offer(input, this.#state.tick);
    if (fault !== undefined) this.refusals[fault] += 1;
    return fault;
  }

  rematch(seat: Seat): void {
    if (this.#state.phase !== "over" || seat.wantsRematch) return;
    seat.wantsRematch = true;
    this.#settle();
  }

  /** One tick. */
  step(): void {
    const { tick } = this.#state;
    for (const seat of this.seats) {
      if (!seat) continue;
      for (const { direction } of seat.gate.due(tick)) {
        if (direction !== this.#state.directions[seat.side]) {
          this.#apply({ type: "steer", side: seat.side, direction });
        }
      }
    }
    this.#change(step(this.#state, this.#house.rules));
    for (const seat of this.seats) {
      if (!seat || seat.member || this.#state.tick - seat.goneTick < this.#house.rules.resumeTicks) continue;
      this.#free(seat);
      this.#settle();
    }
    if (this.#state.tick % this.#house.snapshotEveryTicks === 0)
      this.caster.cast(this.#snapshot(), this.#members());
  }

  /** Tell everybody that the room closes. */
  close(reason: string): void {
    for (const member of this.#members()) member.say({ type: "left", reason });
  }

  #welcome(member: RoomMember, seat: Seat | undefined, name: string): void {
    const { rules } = this.#house;
    const welcome: WelcomeMessage = {
      type: "welcome",
      room: this.name,
      side: seat?.side ?? null,
      name,
      form: member.form,
      token: seat?.token ?? null,
      tick: this.#state.tick,
      pointsToWin: rules.pointsToWin,
      resumeMs: Math.round(rules.resumeTicks * tickMs),
    };
    member.say(welcome);
    this.#settle();
    this.caster.greet(this.#snapshot(), member);
  }

  /** Begin, pause or go on, as it follows from who is here; and tell who is. */
  #settle(): void {
    const { phase } = this.#state;
    const [left, right] = this.seats;
    const isComplete = left?.member !== undefined && right?.member !== undefined;
    if ((phase === "countdown" || phase === "playing") && !isComplete) this.#apply({ type: "pause" });
    if (phase === "paused" && isComplete) this.#apply({ type: "resume" });
    if ((phase === "waiting" || phase === "over") && isComplete && left.wantsRematch && right.wantsRematch) {
      left.wantsRematch = right.wantsRematch = false;
      this.#apply({ type: "start" });
    }
    const players: PlayersMessage = {
      type: "players",
      players: [shown(left), shown(right)],
      spectators: this.spectators.size,
    };
    for (const member of this.#members()) member.say(players);
  }

  /** A seat is nobody's any more; who gives it up during a game has lost it. */
  #free(seat: Seat): void {
    this.seats[seat.side] = undefined;
    const { phase } = this.#state;
    if (phase !== "waiting" && phase !== "over") this.#apply({ type: "forfeit", side: seat.side });
    this.#house.tell({ type: "left", room: this.name, name: seat.name, side: seat.side });
  }

  #apply(event: PongEvent): void {
    if (this.#events.length >= this.#house.maxLogEvents) {
      this.#events = [];
      this.#from = this.#state;
    }
    this.#events.push({ ...event, tick: this.#state.tick });
    this.#change(applyEvent(this.#state, event, this.#house.rules));
  }

  #change(state: PongState): void {
    const before = this.#state;
    this.#state = state;
    const { name: room } = this;
    const { phase, score, winner } = state;
    if (score !== before.score && phase !== "waiting" && score[0] + score[1] > 0) {
      this.#house.tell({ type: "point", room, score });
    }
    if (phase !== before.phase) this.#house.tell({ type: "phase", room, phase, winner: winner ?? null });
  }

  #snapshot(): Snapshot {
    const [left, right] = this.seats;
    return snapshotOf(this.#state, [left?.gate.ack ?? 0, right?.gate.ack ?? 0]);
  }

  #seatOf(member: RoomMember): Seat | undefined {
    return this.seats.find((seat) => seat?.member === member);
  }

  *#members(): Generator<RoomMember> {
    for (const seat of this.seats) if (seat?.member) yield seat.member;
    yield* this.spectators;
  }
}

function shown(seat: Seat | undefined): PlayersMessage["players"][Side] {
  if (!seat) return null;
  return { name: seat.name, isHere: seat.member !== undefined, wantsRematch: seat.wantsRematch };
}

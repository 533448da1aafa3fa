import { readInput } from "../../../wire/pong/binary-messages.ts";
import { type Direction, tickHz, tickMs } from "../../../wire/pong/court.ts";
import { readServerJson, writeJson } from "../../../wire/pong/json-messages.ts";
import type { ClientMessage, Form, ServerMessage } from "../../../wire/pong/messages.ts";
import { readServerMessage, writeClientMessage } from "../../../wire/pong/forms.ts";
import { PongPlayer, type PongPlayerOptions } from "../../../wire/pong/player.ts";
import type { GameEvent } from "../../../servers/websocket/game/events.ts";
import { Lobby, type Place } from "../../../servers/websocket/game/lobby.ts";
import type { RoomHouse, RoomMember } from "../../../servers/websocket/game/room.ts";

/** A lobby whose clock is a number, and whose connections are lists. */
export class VirtualGame {
  readonly events: GameEvent[] = [];
  readonly lobby: Lobby;
  nowMs = 0;
  #ticks = 0;
  readonly #due: { readonly atMs: number; readonly run: () => void }[] = [];

  constructor(house: Partial<RoomHouse> = {}) {
    this.lobby = new Lobby(
      {
        rules: { pointsToWin: 3, serveTicks: 30, resumeTicks: 120 },
        bounds: { maxLateTicks: 12, maxEarlyTicks: 60, maxPerSecond: 60 },
        snapshotEveryTicks: 3,
        maxSpectators: 10,
        maxUnsentBytes: 256,
        maxLogEvents: 100_000,
        sinceTickMs: () => this.nowMs - this.#ticks * tickMs,
        tell: (event) => void this.events.push(event),
        ...house,
      },
      { maxRooms: 10, seed: 5 },
    );
  }

  /** Run something when it is time. */
  at(atMs: number, run: () => void): void {
    this.#due.push({ atMs, run });
  }

  /** Let time pass, a millisecond at a time. */
  pass(ms: number, each: () => void = () => {}): void {
    for (let n = 0; n < ms; n++) {
      this.nowMs += 1;
      while ((this.#ticks + 1) * 1_000 <= this.nowMs * tickHz) {
        this.#ticks += 1;
        this.lobby.step();
      }
      for (let index = 0; index < this.#due.length;) {
        if (this.#due[index]!.atMs > this.nowMs) index += 1;
        else this.#due.splice(index, 1)[0]!.run();
      }
      each();
    }
  }
}

/** One way of a connection: everything comes later, in order. */
class Way {
  readonly #game: VirtualGame;
  readonly #delayMs: () => number;
  #lastMs = 0;

  constructor(game: VirtualGame, delayMs: () => number) {
    this.#game = game;
    this.#delayMs = delayMs;
  }

  send(deliver: () => void): void {
    this.#lastMs = Math.max(this.#lastMs, this.#game.nowMs + this.#delayMs());
    this.#game.at(this.#lastMs, deliver);
  }
}

/** A player at the other end of a slow connection. */
export class VirtualPlayer implements RoomMember {
  readonly form: Form;
  readonly player: PongPlayer;
  unsentBytes = 0;
  isReplaced = false;
  readonly heard: ServerMessage[] = [];
  readonly place: Place;
  readonly #game: VirtualGame;
  readonly #aheadMs: number;
  readonly #there: Way;
  readonly #back: Way;

  constructor(
    game: VirtualGame,
    name: string,
    {
      form = "json",
      delayMs = () => 0,
      token,
      as = "player",
      aheadMs = 0,
      ...options
    }: PongPlayerOptions & {
      readonly form?: Form;
      readonly delayMs?: () => number;
      readonly token?: string;
      /** What this player's clock is ahead of the game's. */
      readonly aheadMs?: number;
      readonly as?: "player" | "spectator";
    } = {},
  ) {
    this.form = form;
    this.#game = game;
    this.#aheadMs = aheadMs;
    this.player = new PongPlayer(options);
    this.#there = new Way(game, delayMs);
    this.#back = new Way(game, delayMs);
    const place = game.lobby.join(this, {
      type: "join",
      name,
      as,
      ...(token === undefined ? {} : { token }),
    });
    if (typeof place === "string") throw new Error(place);
    this.place = place;
  }

  /** The time on this player's clock. */
  get nowMs(): number {
    return this.#game.nowMs + this.#aheadMs;
  }

  say(message: ServerMessage): void {
    const text = writeJson(message);
    this.#back.send(() => this.#hear(readServerJson(text)));
  }

  cast({ message }: { readonly message: string | Uint8Array }): void {
    this.#back.send(() => this.#hear(readServerMessage(message, this.player.snapshot)));
  }

  replaced(): void {
    this.isReplaced = true;
  }

  drop(): void {
    this.lose();
  }

  steer(direction: Direction): void {
    this.#send(this.player.steer(direction, this.nowMs));
  }

  /** What a page does at each frame. */
  frame(): void {
    for (const message of this.player.upkeep(this.nowMs)) this.#send(message);
    this.player.view(this.nowMs);
  }

  lose(): void {
    this.#game.lobby.leave(this, this.place, true);
  }

  #send(message: ClientMessage | undefined): void {
    if (!message) return;
    const written = writeClientMessage(message, this.form);
    this.#there.send(() => this.#arrive(message, written));
  }

  #arrive(message: ClientMessage, written: string | Uint8Array): void {
    const { room, seat } = this.place;
    if (message.type === "ping") this.say({ type: "pong", id: message.id, timeMs: room.timeMs });
    if (message.type !== "input" || !seat || this.isReplaced) return;
    room.input(seat, typeof written === "string" ? message : readInput(written, seat.gate.lastSeq));
  }

  #hear(message: ServerMessage): void {
    this.heard.push(message);
    this.player.hear(message, this.nowMs);
  }
}

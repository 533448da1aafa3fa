import { tickHz, tickMs } from "../../../wire/pong/court.ts";
import type { PongLog } from "../../../wire/pong/log.ts";
import type { RoomListing } from "../../../wire/pong/messages.ts";
import { type PongState, stateHash } from "../../../wire/pong/state.ts";
import { Journal, type JournalWait } from "../../../wire/journal.ts";
import type { Rules } from "../../../wire/exchange/rule.ts";
import type { CloseOptions } from "../../../wire/listener.ts";
import type { Transcript } from "../../../wire/transcript.ts";
import { PageFiles } from "../../pages/page-files.ts";
import { startWebSocket, type WebSocketServer } from "../server.ts";
import type { Site } from "../site.ts";
import type { GameEvent } from "./events.ts";
import { Guest } from "./guest.ts";
import type { InputFault } from "./input-gate.ts";
import { Lobby } from "./lobby.ts";
import { type GameOptions, type GameRulesOptions, resolveGameOptions } from "./options.ts";
import type { Room, RoomHouse } from "./room.ts";
import type { CastCounts } from "./snapshot-caster.ts";
import { TickClock } from "./tick-clock.ts";

/** A room as a test sees it. */
export interface GameRoom extends RoomListing {
  readonly state: PongState;
  /** Eight hexadecimal digits: the same for the same state. */
  readonly hash: string;
  /** What `replay` needs to have this state again. */
  readonly log: PongLog;
  /** Inputs that moved nothing, by why. */
  readonly refusals: Readonly<Record<InputFault, number>>;
  readonly snapshots: Readonly<CastCounts>;
}

/** A running game server: pong for two players and spectators in each room. */
export interface GameServer extends AsyncDisposable {
  /** The page: `http://127.0.0.1:8067/` */
  readonly url: string;
  /** Where clients connect: `ws://127.0.0.1:8067/stream` */
  readonly streamUrl: string;
  readonly host: string;
  readonly port: number;
  readonly transcript: Transcript;
  /** Faults on the way to clients; the lag panel is rules of these too. */
  readonly rules: Rules;
  /** Ticks since the start. */
  readonly ticks: number;
  /** Ticks that were left out because the process slept for more than a second. */
  readonly droppedTicks: number;
  rooms(): GameRoom[];
  /** @throws TypeError when there is no such room */
  room(name: string): GameRoom;
  /** Let so many ticks pass, now. @throws TypeError without `clock: "manual"` */
  step(count?: number): void;
  /** What happened in the rooms, oldest first. */
  events(): GameEvent[];
  /** The first event that fits, kept or yet to come. @throws WireError TIMED_OUT */
  waitForEvent(fits: Partial<GameEvent>, options?: JournalWait): Promise<GameEvent>;
  /** Every event from now on. */
  [Symbol.asyncIterator](): AsyncIterableIterator<GameEvent>;
  /**
   * Cut the connection of a player: with a reset, a FIN without a close frame, or silence.
   * @throws TypeError when nobody of that name plays
   */
  dropConnection(name: string, how: "rst" | "fin" | "silence"): void;
  close(options?: CloseOptions): Promise<void>;
}

/** Events that are kept for those who ask later. */
const maxEvents = 1_000;

/**
 * Start a game server on 127.0.0.1 and a free port unless told otherwise.
 * @throws WireError ADDRESS_IN_USE, CONNECT_FAILED; TypeError for options that cannot be
 * @example
 * await using game = await startGame({ clock: "manual", pointsToWin: 1 });
 * await using ada = await connectGame({ url: game.streamUrl, name: "Ada" });
 * await using bob = await connectGame({ url: game.streamUrl, name: "Bob" });
 * game.step(60);
 */
export async function startGame(given: GameOptions = {}): Promise<GameServer> {
  const options = resolveGameOptions(given);
  const journal = new Journal<GameEvent>(maxEvents);
  const clock = new TickClock({ onTick: () => lobby.step() });
  const lobby = new Lobby(roomHouse(options, clock, journal), options);
  let server: WebSocketServer | undefined;
  const house = { ...options, lobby, rules: () => server!.rules };
  const site: Site = {
    page: new PageFiles(new URL("./page/", import.meta.url)),
    doors: { "/stream": { welcome: (connection) => new Guest(connection, house) } },
    answer: (request, path) =>
      request.method === "GET" && path === "/api/rooms" ? Response.json(lobby.listings) : undefined,
  };
  server = await startWebSocket({ "/": site }, options);
  if (options.clock === "real") clock.start();
  const running = server;
  let closing: Promise<void> | undefined;
  const close = (closeOptions?: CloseOptions): Promise<void> => {
    clock.stop();
    return (closing ??= running.close(closeOptions).then(() => journal.close()));
  };
  return {
    url: `${running.url}/`,
    streamUrl: `${running.streamUrl}/stream`,
    host: running.host,
    port: running.port,
    transcript: running.transcript,
    rules: running.rules,
    get ticks() {
      return clock.ticks;
    },
    get droppedTicks() {
      return clock.droppedTicks;
    },
    rooms: () => [...lobby.rooms.values()].map(shown),
    room: (name) => {
      const room = lobby.rooms.get(name);
      if (room) return shown(room);
      const names = [...lobby.rooms.keys()].map((one) => `"${one}"`);
      throw new TypeError(`there is no room "${name}"; there are ${names.join(", ") || "none"}`);
    },
    step: (count = 1) => {
      if (options.clock !== "manual") {
        throw new TypeError('step: this server has a clock of its own; start it with clock: "manual"');
      }
      clock.step(count);
    },
    events: () => journal.list(),
    waitForEvent: (fits, wait) => journal.wait(JSON.stringify(fits), (event) => misfit(event, fits), wait),
    [Symbol.asyncIterator]: () => journal.iterate(),
    dropConnection: (name, how) => {
      const seats = [...lobby.rooms.values()].flatMap((room) => room.seats);
      const seat = seats.find((one) => one?.name === name && one.member);
      if (!seat) throw new TypeError(`dropConnection: nobody called "${name}" plays here`);
      seat.member?.drop(how);
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

function roomHouse(options: GameRulesOptions, clock: TickClock, journal: Journal<GameEvent>): RoomHouse {
  const ticksOf = (ms: number): number => Math.round(ms / tickMs);
  return {
    rules: {
      pointsToWin: options.pointsToWin,
      serveTicks: Math.max(1, ticksOf(options.serveMs)),
      resumeTicks: Math.max(1, ticksOf(options.resumeMs)),
    },
    bounds: {
      maxLateTicks: ticksOf(options.maxLateMs),
      maxEarlyTicks: ticksOf(options.maxEarlyMs),
      maxPerSecond: options.maxInputsPerSecond,
    },
    snapshotEveryTicks: tickHz / options.snapshotHz,
    maxSpectators: options.maxSpectators,
    maxUnsentBytes: options.maxUnsentBytes,
    maxLogEvents: options.maxLogEvents,
    sinceTickMs: () => clock.sinceTickMs,
    tell: (event) => journal.add(event),
  };
}

function shown(room: Room): GameRoom {
  const { listing, state, log, refusals, caster } = room;
  return {
    ...listing,
    state,
    hash: stateHash(state),
    log,
    refusals: { ...refusals },
    snapshots: { ...caster.counts },
  };
}

/** Why an event is not the one that is waited for. */
function misfit(event: GameEvent, fits: Partial<GameEvent>): string | undefined {
  const has = event as unknown as Readonly<Record<string, unknown>>;
  const isFit = Object.entries(fits).every(
    ([field, value]) => JSON.stringify(has[field]) === JSON.stringify(value),
  );
  return isFit ? undefined : JSON.stringify(event);
}

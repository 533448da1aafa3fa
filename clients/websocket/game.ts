import { WireError } from "../../wire/errors.ts";
import { Journal, type JournalWait } from "../../wire/journal.ts";
import { type Direction, type Side, tickMs } from "../../wire/pong/court.ts";
import { readServerMessage, writeClientMessage } from "../../wire/pong/forms.ts";
import type {
  ClientMessage,
  Form,
  JoinMessage,
  LagMessage,
  PlayersMessage,
  ServerMessage,
  WelcomeMessage,
} from "../../wire/pong/messages.ts";
import {
  PongPlayer,
  type PongPlayerOptions,
  type PongStatistics,
  type PongView,
} from "../../wire/pong/player.ts";
import type { Snapshot } from "../../wire/pong/snapshot.ts";
import type { WebSocketClient } from "./client.ts";
import { connectWebSocket } from "./connect.ts";
import type { Opening, WebSocketClientOptions } from "./options.ts";

/** How to come into a game. Only the address is needed. */
export interface GameClientOptions
  extends PongPlayerOptions, Omit<WebSocketClientOptions, "onOpen" | "subprotocols"> {
  /** `ws://127.0.0.1:8067/stream` */
  readonly url: string;
  /** @default one where somebody waits, or a new one */
  readonly room?: string;
  /** What others call you. @default the server's choice */
  readonly name?: string;
  /** @default "player" */
  readonly as?: "player" | "spectator";
  /** How what is said often travels. @default "binary" */
  readonly form?: Form;
  /** A seat to come back to. */
  readonly token?: string;
}

/**
 * A game that one plays or watches. Connections that are lost are made anew, and the seat is taken again with its token.
 */
export interface GameClient extends AsyncDisposable {
  readonly welcome: WelcomeMessage;
  /** Nothing for a spectator. */
  readonly side: Side | undefined;
  /** Brings the seat back to another client. */
  readonly token: string | undefined;
  /** The newest state that the server told. */
  readonly snapshot: Snapshot | undefined;
  readonly players: PlayersMessage | undefined;
  readonly statistics: PongStatistics;
  /** How many connections there have been. */
  readonly connections: number;
  /** Whether the own paddle moves at once. */
  isPredicting: boolean;
  /** What a page would draw now. */
  view(): PongView | undefined;
  /** Steer from now on; 0 stops. */
  steer(direction: Direction): void;
  /** Ask for another game when one is over. */
  rematch(): void;
  /** Make the way to the server bad, or good again with zeros. */
  lag(lag: Omit<LagMessage, "type">): void;
  /** Every snapshot from now on, put together from deltas, until the end. */
  snapshots(): AsyncIterableIterator<Snapshot>;
  /** Everything the server says from now on, until the end. */
  [Symbol.asyncIterator](): AsyncIterableIterator<ServerMessage>;
  /** The newest snapshot that fits, or the next one that does. @throws WireError TIMED_OUT */
  waitFor(fits: (snapshot: Snapshot) => boolean, options?: JournalWait): Promise<Snapshot>;
  /** Cut the connection, as a test of what comes then. */
  drop(how: "rst" | "fin" | "silence"): void;
  /** Rejects with what ended the game when nobody meant to; resolves after `close()`. */
  readonly ended: Promise<void>;
  /** Leave the room, and say goodbye. */
  close(): Promise<void>;
}

/** A server that is silent for so long is asked whether it is there: snapshots come 20 times a second. */
const soon = {
  pingIntervalMs: 1_000,
  pongTimeoutMs: 1_500,
  retryDelayMs: 20,
  maxRetryDelayMs: 1_000,
} as const;

/**
 * Come into a game.
 * @returns when the room has said welcome
 * @throws WireError as `connectWebSocket`; REPLY_UNEXPECTED when the server refuses, with its reason
 * @example
 * await using ada = await connectGame({ url: game.streamUrl, name: "Ada" });
 * ada.steer(-1);
 * const { score } = await ada.waitFor(({ phase }) => phase === "over");
 */
export async function connectGame(options: GameClientOptions): Promise<GameClient> {
  const playing = new Playing(options);
  await playing.begin();
  return playing;
}

class Playing implements GameClient {
  readonly #options: GameClientOptions;
  readonly #form: Form;
  readonly #player: PongPlayer;
  readonly #messages = new Journal<ServerMessage>(100);
  readonly #snapshots = new Journal<Snapshot>(1);
  readonly #welcomed = Promise.withResolvers<WelcomeMessage>();
  readonly #ended = Promise.withResolvers<void>();
  #client: WebSocketClient | undefined;
  #upkeep: NodeJS.Timeout | undefined;

  constructor(options: GameClientOptions) {
    this.#options = options;
    this.#form = options.form ?? "binary";
    this.#player = new PongPlayer(options);
    // Who does not ask how it ended is not ended by it.
    this.#ended.promise.catch(() => {});
    this.#welcomed.promise.catch(() => {});
  }

  /** Connect, and wait to be let in. */
  async begin(): Promise<void> {
    const { url } = this.#options;
    this.#client = await connectWebSocket(url, {
      reconnects: true,
      ...soon,
      ...this.#options,
      onOpen: (opening) => this.#join(opening),
    });
    void this.#listen(this.#client);
    try {
      await this.#welcomed.promise;
    } catch (error) {
      await this.#client.close();
      throw error;
    }
    this.#upkeep = setInterval(() => this.#say(...this.#player.upkeep(performance.now())), tickMs).unref();
  }

  get welcome(): WelcomeMessage {
    return this.#player.welcome!;
  }

  get side(): Side | undefined {
    return this.#player.side;
  }

  get token(): string | undefined {
    return this.#player.welcome?.token ?? undefined;
  }

  get snapshot(): Snapshot | undefined {
    return this.#player.snapshot;
  }

  get players(): PlayersMessage | undefined {
    return this.#player.players;
  }

  get statistics(): PongStatistics {
    return this.#player.statistics;
  }

  get connections(): number {
    return this.#client?.connections ?? 0;
  }

  get isPredicting(): boolean {
    return this.#player.isPredicting;
  }

  set isPredicting(isPredicting: boolean) {
    this.#player.isPredicting = isPredicting;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  view(): PongView | undefined {
    return this.#player.view(performance.now());
  }

  steer(direction: Direction): void {
    const message = this.#player.steer(direction, performance.now());
    if (message) this.#say(message);
  }

  rematch(): void {
    this.#say({ type: "rematch" });
  }

  lag(lag: Omit<LagMessage, "type">): void {
    this.#say({ type: "lag", ...lag });
  }

  snapshots(): AsyncIterableIterator<Snapshot> {
    return this.#snapshots.iterate();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<ServerMessage> {
    return this.#messages.iterate();
  }

  waitFor(fits: (snapshot: Snapshot) => boolean, options?: JournalWait): Promise<Snapshot> {
    return this.#snapshots.wait(
      "a snapshot that fits",
      (snapshot) => (fits(snapshot) ? undefined : JSON.stringify(snapshot)),
      options,
    );
  }

  drop(how: "rst" | "fin" | "silence"): void {
    this.#client?.drop(how);
  }

  async close(): Promise<void> {
    clearInterval(this.#upkeep);
    this.#say({ type: "leave" });
    await this.#client?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Said on every connection, before anything else: the first time to come in, then to come back. */
  #join(opening: Opening): void {
    const { room, name, as, token = this.#player.welcome?.token ?? undefined } = this.#options;
    const join: JoinMessage = {
      type: "join",
      form: this.#form,
      ...(room === undefined ? {} : { room }),
      ...(name === undefined ? {} : { name }),
      ...(as === undefined ? {} : { as }),
      ...(token === undefined ? {} : { token }),
    };
    opening.send(writeClientMessage(join, this.#form));
  }

  async #listen(client: WebSocketClient): Promise<void> {
    try {
      for await (const text of client) this.#hear(readServerMessage(text, this.#player.snapshot));
      this.#end(undefined);
    } catch (error) {
      this.#end(error instanceof WireError ? error : violation(error));
      await client.destroy();
    }
  }

  #hear(message: ServerMessage): void {
    const before = this.#player.snapshot;
    this.#player.hear(message, performance.now());
    const { snapshot } = this.#player;
    this.#messages.add(message);
    if (snapshot && snapshot !== before) this.#snapshots.add(snapshot);
    if (message.type === "welcome") this.#welcomed.resolve(message);
    if (message.type === "refused" && message.what === "join") {
      throw new WireError("REPLY_UNEXPECTED", `${this.#options.url} lets nobody in: ${message.reason}`);
    }
  }

  #end(error: WireError | undefined): void {
    clearInterval(this.#upkeep);
    this.#welcomed.reject(
      error ?? new WireError("CONNECTION_LOST", `${this.#options.url} closed before a welcome`),
    );
    if (error) this.#ended.reject(error);
    else this.#ended.resolve();
    this.#messages.close();
    this.#snapshots.close();
  }

  /** While there is no connection nothing can be said; what matters is said again after it. */
  #say(...messages: readonly ClientMessage[]): void {
    if (!this.#client?.isOpen) return;
    for (const message of messages) this.#client.send(writeClientMessage(message, this.#form));
  }
}

function violation(error: unknown): WireError {
  const why = error instanceof Error ? error.message : String(error);
  return new WireError("PROTOCOL_VIOLATION", `the game said something that cannot be understood: ${why}`, {
    cause: error,
  });
}

import { readInput } from "../../../wire/pong/binary-messages.ts";
import { readClientJson, writeJson } from "../../../wire/pong/json-messages.ts";
import type {
  ClientMessage,
  Form,
  JoinMessage,
  LagMessage,
  ServerMessage,
} from "../../../wire/pong/messages.ts";
import type { Rules } from "../../../wire/exchange/rule.ts";
import type { WebSocketConnection } from "../connection.ts";
import type { Hearer } from "../site.ts";
import type { Lobby, Place } from "./lobby.ts";
import type { RoomMember } from "./room.ts";
import type { Cast } from "./snapshot-caster.ts";

/** What a guest needs of its server. */
export interface GuestHouse {
  readonly lobby: Lobby;
  readonly maxMalformedMessages: number;
  readonly hasLagPanel: boolean;
  /** The rules of the server, once it listens. */
  rules(): Rules;
}

/** Somebody who is connected: in the lobby, or in a room. */
export class Guest implements Hearer, RoomMember {
  form: Form = "json";
  readonly #connection: WebSocketConnection;
  readonly #house: GuestHouse;
  #place: Place | undefined;
  #leaveLobby: (() => void) | undefined;
  #malformed = 0;
  #clearLag: (() => void) | undefined;
  #wishedLag: LagMessage | undefined;

  constructor(connection: WebSocketConnection, house: GuestHouse) {
    this.#connection = connection;
    this.#house = house;
    this.#enterLobby();
  }

  /** What the lag panel holds back is on its way, and not unsent. */
  get unsentBytes(): number {
    return this.#connection.unsentBytes;
  }

  say(message: ServerMessage): void {
    this.#connection.send(writeJson(message));
  }

  cast({ frame }: Cast): void {
    this.#connection.send(frame);
  }

  replaced(): void {
    this.#place = undefined;
    this.#connection.close(1008, "the seat was taken again from another connection");
  }

  drop(how: "rst" | "fin" | "silence"): void {
    this.#connection.drop(how);
  }

  heard(message: Buffer, isText: boolean): void {
    let understood: ClientMessage;
    try {
      understood = isText
        ? readClientJson(message.toString())
        : readInput(message, this.#place?.seat?.gate.lastSeq ?? 0);
    } catch (error) {
      this.#refuseMalformed(error);
      return;
    }
    this.#hear(understood);
  }

  closed(): void {
    this.#leaveLobby?.();
    this.#clearLag?.();
    if (this.#place) this.#house.lobby.leave(this, this.#place, true);
    this.#place = undefined;
  }

  #hear(message: ClientMessage): void {
    const { room, seat } = this.#place ?? {};
    switch (message.type) {
      case "join":
        this.#join(message);
        return;
      case "input":
        // What is refused moves nothing, and is answered by the ack of the next snapshot.
        if (room && seat) room.input(seat, message);
        return;
      case "ping":
        this.say({ type: "pong", id: message.id, timeMs: room?.timeMs ?? 0 });
        return;
      case "rematch":
        if (room && seat) room.rematch(seat);
        else this.#refuse("rematch", "only players may ask for another game");
        return;
      case "leave":
        if (!this.#place) return this.#refuse("leave", "you are in no room");
        this.#house.lobby.leave(this, this.#place, false);
        this.#place = undefined;
        this.say({ type: "left", reason: "you left" });
        this.#enterLobby();
        return;
      case "lag":
        this.#lag(message);
        return;
    }
  }

  #join(message: JoinMessage): void {
    if (this.#place) return this.#refuse("join", "leave the room that you are in first");
    this.form = message.form ?? "json";
    const place = this.#house.lobby.join(this, message);
    if (typeof place === "string") return this.#refuse("join", place);
    this.#place = place;
    if (place.seat) this.#connection.identify(place.seat.name);
    this.#leaveLobby?.();
    this.#leaveLobby = undefined;
  }

  /**
   * The way to this client becomes bad, or good again, by the rules that every server here has. Taking rules out lets go
   * of what they hold, which may be the next wish: so wishes are noted, and the last one counts a turn later.
   */
  #lag(wish: LagMessage): void {
    if (!this.#house.hasLagPanel) return this.#refuse("lag", "this server has no lag panel");
    if (this.#wishedLag === undefined) setImmediate(() => this.#setLag());
    this.#wishedLag = wish;
  }

  #setLag(): void {
    const clear = this.#clearLag;
    this.#clearLag = undefined;
    clear?.();
    const wish = this.#wishedLag;
    this.#wishedLag = undefined;
    if (!wish || !this.#connection.isOpen) return;
    const { latencyMs, jitterMs, lossPercent } = wish;
    const { connection } = this.#connection;
    const both = ["C", "S"] as const;
    const rules = both.flatMap((direction) => [
      ...(latencyMs + jitterMs > 0
        ? [{ fault: "latency", latencyMs, jitterMs, connection, direction } as const]
        : []),
      ...(lossPercent > 0 ? [{ fault: "loss", lossPercent, connection, direction } as const] : []),
    ]);
    this.#clearLag = rules.length === 0 ? undefined : this.#house.rules().add(...rules);
    this.say({ type: "lag", latencyMs, jitterMs, lossPercent });
  }

  #enterLobby(): void {
    this.#leaveLobby = this.#house.lobby.enter((rooms) => this.say({ type: "rooms", rooms }));
  }

  #refuse(what: string, reason: string): void {
    this.say({ type: "refused", what, reason });
  }

  #refuseMalformed(error: unknown): void {
    const reason = error instanceof TypeError ? error.message : "it cannot be understood";
    this.#malformed += 1;
    this.#refuse("message", reason);
    if (this.#malformed >= this.#house.maxMalformedMessages) {
      this.#connection.close(1008, `${this.#malformed} malformed messages`);
    }
  }
}

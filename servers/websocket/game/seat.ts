import { randomBytes } from "node:crypto";
import type { Side } from "../../../wire/pong/court.ts";
import { type InputBounds, InputGate } from "./input-gate.ts";
import type { RoomMember } from "./room.ts";

/** A place at a paddle: it stays somebody's for a while when their connection is gone. */
export class Seat {
  readonly side: Side;
  readonly name: string;
  /** Brings the seat back. */
  readonly token: string = randomBytes(16).toString("base64url");
  member: RoomMember | undefined;
  gate: InputGate;
  wantsRematch = true;
  /** The tick at which the connection was lost. */
  goneTick = 0;
  readonly #bounds: InputBounds;

  constructor(side: Side, name: string, bounds: InputBounds, member: RoomMember, tick: number) {
    this.side = side;
    this.name = name;
    this.member = member;
    this.#bounds = bounds;
    this.gate = new InputGate(bounds, tick);
  }

  /** Somebody sits here again, over a new connection, who counts inputs anew. */
  take(member: RoomMember, tick: number): void {
    this.member = member;
    this.gate = new InputGate(this.#bounds, tick);
  }
}

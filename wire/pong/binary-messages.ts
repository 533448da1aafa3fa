import type { Direction } from "./court.ts";
import type { InputMessage, ServerMessage } from "./messages.ts";
import type { Delta, Snapshot } from "./snapshot.ts";
import { phases } from "./state.ts";

/**
 * What is said often, in a few bytes, big-endian:
 *
 *     snapshot  1 │ tick 4 │ flags 1 │ until 2 │ x y vx vy 2 each │ paddles 2+2 │ score 1+1 │ acks 2+2      26 bytes
 *     delta     2 │ tick 4 │ ticks since the base 1 │ mask 1 │ what the mask says, in the order above     7 to 28
 *     input     3 │ seq 2 │ tick 4 │ direction 1                                                            8 bytes
 *
 * `flags` is ((phase × 3 + direction of 0 + 1) × 3 + direction of 1 + 1) × 3 + winner + 1, where nobody is -1. Of an
 * ack and of a seq the low 16 bits travel; who reads them knows the rest.
 */
const kinds = { snapshot: 1, delta: 2, input: 3 } as const;

const mask = { flags: 1, until: 2, ball: 4, paddles: 8, score: 16, acks: 32 } as const;

/** The length of a snapshot. */
export const snapshotLength = 26;

/** An input in 8 bytes. */
export function writeInput({ seq, tick, direction }: InputMessage): Uint8Array<ArrayBuffer> {
  const pen = new Pen(8);
  pen.u8(kinds.input);
  pen.u16(seq & 0xffff);
  pen.u32(tick);
  pen.u8(direction + 1);
  return pen.written();
}

/**
 * An input.
 * @param lastSeq the highest number so far, from which the high bits are known
 * @throws TypeError when it is none
 */
export function readInput(bytes: Uint8Array, lastSeq: number): InputMessage {
  if (bytes.length !== 8 || bytes[0] !== kinds.input) throw new TypeError("it is no input of 8 bytes");
  const eye = new Eye(bytes, 1);
  const seq = widen(eye.u16(), lastSeq);
  const tick = eye.u32();
  const direction = eye.u8() - 1;
  if (direction > 1) throw new TypeError("direction must be -1, 0 or 1");
  if (seq < 1) throw new TypeError("seq must be a whole number from 1");
  return { type: "input", seq, tick, direction: direction as Direction };
}

/** A snapshot in 26 bytes. */
export function writeSnapshot(snapshot: Snapshot): Uint8Array<ArrayBuffer> {
  const pen = new Pen(snapshotLength);
  pen.u8(kinds.snapshot);
  pen.u32(snapshot.tick);
  writeParts(pen, snapshot);
  return pen.written();
}

/** A delta in 7 to 28 bytes; nothing when it is the difference to something older than 255 ticks. */
export function writeDelta({ tick, from, changes }: Delta): Uint8Array<ArrayBuffer> | undefined {
  if (tick - from > 255) return undefined;
  const pen = new Pen(7 + snapshotLength - 5);
  pen.u8(kinds.delta);
  pen.u32(tick);
  pen.u8(tick - from);
  pen.u8(maskOf(changes));
  writeParts(pen, changes);
  return pen.written();
}

/**
 * A snapshot or a delta.
 * @param known the newest snapshot, from which the high bits of acks are known
 * @throws TypeError when it is neither
 */
export function readServerBytes(
  bytes: Uint8Array,
  known: Snapshot | undefined,
): Extract<ServerMessage, { type: "snapshot" | "delta" }> {
  const acks = known?.acks ?? [0, 0];
  if (bytes[0] === kinds.snapshot && bytes.length === snapshotLength) {
    const tick = new Eye(bytes, 1).u32();
    const parts = readParts(new Eye(bytes, 5), everything, acks);
    return { type: "snapshot", snapshot: { ...(parts as Snapshot), tick } };
  }
  if (bytes[0] === kinds.delta && bytes.length >= 7) {
    const eye = new Eye(bytes, 1);
    const tick = eye.u32();
    const from = tick - eye.u8();
    const has = eye.u8();
    if (bytes.length !== 7 + lengthOf(has) || has > everything)
      throw new TypeError("a delta of a wrong length");
    return { type: "delta", delta: { tick, from, changes: readParts(eye, has, acks) } };
  }
  throw new TypeError("it is neither a snapshot nor a delta");
}

const everything = mask.flags | mask.until | mask.ball | mask.paddles | mask.score | mask.acks;

function maskOf(changes: Delta["changes"]): number {
  return (
    (changes.phase === undefined ? 0 : mask.flags) |
    (changes.until === undefined ? 0 : mask.until) |
    (changes.ball ? mask.ball : 0) |
    (changes.paddles ? mask.paddles : 0) |
    (changes.score ? mask.score : 0) |
    (changes.acks ? mask.acks : 0)
  );
}

function lengthOf(has: number): number {
  return (
    (has & mask.flags ? 1 : 0) +
    (has & mask.until ? 2 : 0) +
    (has & mask.ball ? 8 : 0) +
    (has & mask.paddles ? 4 : 0) +
    (has & mask.score ? 2 : 0) +
    (has & mask.acks ? 4 : 0)
  );
}

function writeParts(
  pen: Pen,
  { phase, directions, winner, until, ball, paddles, score, acks }: Delta["changes"],
): void {
  if (phase !== undefined) {
    const [left, right] = directions ?? [0, 0];
    pen.u8(((phases.indexOf(phase) * 3 + left + 1) * 3 + right + 1) * 3 + (winner ?? -1) + 1);
  }
  if (until !== undefined) pen.u16(Math.min(until, 0xffff));
  if (ball) for (const number of [ball.x, ball.y, ball.vx, ball.vy]) pen.u16(number & 0xffff);
  if (paddles) for (const y of paddles) pen.u16(y);
  if (score) for (const points of score) pen.u8(Math.min(points, 255));
  if (acks) for (const ack of acks) pen.u16(ack & 0xffff);
}

function readParts(eye: Eye, has: number, acks: Snapshot["acks"]): Delta["changes"] {
  return {
    ...(has & mask.flags ? readFlags(eye.u8()) : {}),
    ...(has & mask.until ? { until: eye.u16() } : {}),
    ...(has & mask.ball ? { ball: { x: eye.i16(), y: eye.i16(), vx: eye.i16(), vy: eye.i16() } } : {}),
    ...(has & mask.paddles ? { paddles: [eye.u16(), eye.u16()] as const } : {}),
    ...(has & mask.score ? { score: [eye.u8(), eye.u8()] as const } : {}),
    ...(has & mask.acks ? { acks: [widen(eye.u16(), acks[0]), widen(eye.u16(), acks[1])] as const } : {}),
  };
}

function readFlags(flags: number): Pick<Snapshot, "phase" | "directions" | "winner"> {
  const phase = phases[Math.floor(flags / 27)];
  if (phase === undefined) throw new TypeError("there is no such phase");
  const winner = (flags % 3) - 1;
  return {
    phase,
    directions: [
      (Math.floor(flags / 9) % 3) - 1,
      (Math.floor(flags / 3) % 3) - 1,
    ] as unknown as Snapshot["directions"],
    winner: winner === -1 ? undefined : (winner as 0 | 1),
  };
}

/** The number with these low 16 bits that is nearest to one that is known. */
function widen(low: number, near: number): number {
  const ahead = (low - near) & 0xffff;
  const widened = near + (ahead > 0x7fff ? ahead - 0x1_0000 : ahead);
  // A new player's numbers begin again: there is nothing below 0.
  return widened < 0 ? low : widened;
}

class Pen {
  readonly #view: DataView<ArrayBuffer>;
  #at = 0;

  constructor(capacity: number) {
    this.#view = new DataView(new ArrayBuffer(capacity));
  }

  u8(value: number): void {
    this.#view.setUint8(this.#at, value);
    this.#at += 1;
  }

  u16(value: number): void {
    this.#view.setUint16(this.#at, value);
    this.#at += 2;
  }

  u32(value: number): void {
    this.#view.setUint32(this.#at, value);
    this.#at += 4;
  }

  written(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#view.buffer, 0, this.#at);
  }
}

class Eye {
  readonly #view: DataView;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  u8(): number {
    return this.#view.getUint8(this.#at++);
  }

  u16(): number {
    this.#at += 2;
    return this.#view.getUint16(this.#at - 2);
  }

  i16(): number {
    this.#at += 2;
    return this.#view.getInt16(this.#at - 2);
  }

  u32(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4);
  }
}

import type { Response } from "./responder.ts";
import { withRcode } from "./responder.ts";

/** What can go wrong with an answer. */
export type DnsFaultKind =
  | "drop"
  | "delay"
  | "duplicate"
  | "reorder"
  | "servfail"
  | "wrong_id"
  | "truncated"
  | "garble"
  | "other_port";

/** A fault, and the queries that it befalls. */
export interface DnsFault {
  readonly do: DnsFaultKind;
  /** The name asked for, or a pattern of it. @default every name */
  readonly name?: string | RegExp;
  /** The type asked for. @default every type */
  readonly type?: string;
  /** Over which transport. @default both */
  readonly transport?: "udp" | "tcp";
  /** Only the first so many queries that it fits. @default all */
  readonly times?: number;
  /** Of 100 queries that it fits, how many. @default 100 */
  readonly percent?: number;
  /** For `delay`: how long, in milliseconds. @default 1_000 */
  readonly delayMs?: number;
}

/** How an answer leaves after the faults have had it. */
export interface Fate {
  readonly copies: readonly Buffer[];
  readonly delayMs: number;
  /** Held back until the next answer has left. */
  readonly isReordered: boolean;
  readonly isFromOtherPort: boolean;
  readonly faults: readonly DnsFaultKind[];
}

/** The faults of one server. The same seed and the same queries give the same faults. */
export class DnsFaults {
  readonly #faults: { readonly fault: DnsFault; readonly number: number; fits: number; fired: number }[] = [];
  readonly #seed: number;
  #added = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  get isEmpty(): boolean {
    return this.#faults.length === 0;
  }

  /** Add a fault; the result takes it away again. */
  add(fault: DnsFault): () => void {
    const entry = { fault, number: ++this.#added, fits: 0, fired: 0 };
    this.#faults.push(entry);
    return () => {
      const index = this.#faults.indexOf(entry);
      if (index !== -1) this.#faults.splice(index, 1);
    };
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** The faults that are there, and how often each has fired. */
  list(): { readonly fault: DnsFault; readonly fired: number }[] {
    return this.#faults.map(({ fault, fired }) => ({ fault, fired }));
  }

  /** What becomes of this answer. */
  befall(query: Buffer, response: Response, transport: "udp" | "tcp"): Fate {
    const fired = this.#faults.filter((entry) => {
      const { fault } = entry;
      if (!fits(fault, response, transport) || entry.fired >= (fault.times ?? Infinity)) return false;
      const isDrawn = draw(this.#seed, entry.number, ++entry.fits) * 100 < (fault.percent ?? 100);
      if (isDrawn) entry.fired++;
      return isDrawn;
    });
    const kinds = fired.map(({ fault }) => fault.do);
    const bytes = kinds.reduce((reply, kind) => spoil(kind, query, reply), response.bytes);
    return {
      copies: kinds.includes("drop") ? [] : kinds.includes("duplicate") ? [bytes, bytes] : [bytes],
      delayMs: Math.max(
        0,
        ...fired.map(({ fault }) => (fault.do === "delay" ? (fault.delayMs ?? 1_000) : 0)),
      ),
      isReordered: kinds.includes("reorder"),
      isFromOtherPort: kinds.includes("other_port"),
      faults: kinds,
    };
  }
}

function fits({ name, type, transport }: DnsFault, response: Response, used: "udp" | "tcp"): boolean {
  if (transport !== undefined && transport !== used) return false;
  if (type !== undefined && type.toUpperCase() !== response.type) return false;
  if (name === undefined) return true;
  const asked = response.name.replace(/\.$/, "");
  return typeof name === "string"
    ? name.toLowerCase().replace(/\.$/, "") === asked
    : asked.search(name) !== -1;
}

function spoil(kind: DnsFaultKind, query: Buffer, reply: Buffer): Buffer {
  if (kind === "servfail") return withRcode(query, "SERVFAIL");
  const spoilt = Buffer.from(reply);
  if (kind === "wrong_id") spoilt.writeUInt16BE(reply.readUInt16BE(0) ^ 0x5555, 0);
  // Only the question is left, and TC says so.
  if (kind === "truncated") {
    spoilt.writeUInt16BE(reply.readUInt16BE(2) | 0x0200, 2);
    spoilt.fill(0, 6, 12);
    return spoilt.subarray(0, withRcode(query, "SERVFAIL").length);
  }
  if (kind === "garble") for (let at = 12; at < spoilt.length; at++) spoilt[at]! ^= 0xa5;
  return spoilt;
}

/** A number from 0 to 1 that depends on nothing but these (FNV-1a, then a finalizer that spreads it). */
function draw(...parts: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) hash = Math.imul(hash ^ part, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

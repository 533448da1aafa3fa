import { writeDelta, writeSnapshot } from "../../../wire/pong/binary-messages.ts";
import { tickHz } from "../../../wire/pong/court.ts";
import { writeJson } from "../../../wire/pong/json-messages.ts";
import type { Form } from "../../../wire/pong/messages.ts";
import { deltaBetween, type Snapshot } from "../../../wire/pong/snapshot.ts";
import { type Frame, frameOf } from "../frame.ts";

/** Somebody who is told what happens, as the room sees them. */
export interface Listener {
  readonly form: Form;
  /** What was said and has not left for the network yet. */
  readonly unsentBytes: number;
  /** Say a message that others are told too. */
  cast(cast: Cast): void;
}

/** A message for many, and the frame of it, which is built once. */
export class Cast {
  readonly message: string | Uint8Array;
  #frame: Frame | undefined;

  constructor(message: string | Uint8Array) {
    this.message = message;
  }

  get frame(): Frame {
    return (this.#frame ??= frameOf(this.message));
  }
}

/** How snapshots went out. */
export interface CastCounts {
  full: number;
  deltas: number;
  /** Not said, because the one before had not left. */
  skipped: number;
}

/**
 * Tells a room's snapshots to everybody in it. Each is written once for all who hear it in the same form. Who does not
 * keep up is told nothing until what was said before has left, and then everything: the newest counts, and nothing is
 * queued.
 */
export class SnapshotCaster {
  readonly counts: CastCounts = { full: 0, deltas: 0, skipped: 0 };
  readonly #maxUnsentBytes: number;
  /** What each was told last: a delta makes sense to nobody else. */
  readonly #told = new WeakMap<Listener, Snapshot>();
  #last: Snapshot | undefined;

  constructor(maxUnsentBytes: number) {
    this.#maxUnsentBytes = maxUnsentBytes;
  }

  /** Tell one who has just come, in full. */
  greet(snapshot: Snapshot, listener: Listener): void {
    listener.cast(new Written(snapshot, undefined).as(listener.form));
    this.#told.set(listener, snapshot);
    this.counts.full += 1;
  }

  /** Tell everybody: in full each second and to those who missed the last one, what has changed to the others. */
  cast(snapshot: Snapshot, listeners: Iterable<Listener>): void {
    const last = this.#last;
    const isFull = last === undefined || snapshot.tick % tickHz === 0;
    const full = new Written(snapshot, undefined);
    const delta = last && new Written(snapshot, last);
    for (const listener of listeners) {
      if (listener.unsentBytes > this.#maxUnsentBytes) {
        this.counts.skipped += 1;
        continue;
      }
      const isDelta = !isFull && this.#told.get(listener) === last;
      listener.cast(((isDelta ? delta : undefined) ?? full).as(listener.form));
      this.#told.set(listener, snapshot);
      if (isDelta) this.counts.deltas += 1;
      else this.counts.full += 1;
    }
    this.#last = snapshot;
  }
}

/** One snapshot, or the difference to one, written when somebody first needs it. */
class Written {
  readonly #snapshot: Snapshot;
  readonly #from: Snapshot | undefined;
  #json: Cast | undefined;
  #binary: Cast | undefined;

  constructor(snapshot: Snapshot, from: Snapshot | undefined) {
    this.#snapshot = snapshot;
    this.#from = from;
  }

  as(form: Form): Cast {
    if (form === "json") return (this.#json ??= new Cast(this.#writeJson()));
    return (this.#binary ??= new Cast(this.#writeBinary()));
  }

  #writeJson(): string {
    const snapshot = this.#snapshot;
    return writeJson(
      this.#from
        ? { type: "delta", delta: deltaBetween(this.#from, snapshot) }
        : { type: "snapshot", snapshot },
    );
  }

  #writeBinary(): Uint8Array {
    const delta = this.#from && writeDelta(deltaBetween(this.#from, this.#snapshot));
    return delta ?? writeSnapshot(this.#snapshot);
  }
}

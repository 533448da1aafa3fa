/**
 * What many connections say in one turn of the event loop. What one connection says is a path in a tree whose branches
 * are frames. Those who say the same walk the same path, so its bytes are joined once, and each connection writes them
 * in one write:
 *
 *     start ── frame 1 ── frame 2 ── frame 3      498 connections are here: 498 writes of one buffer
 *                  └───── answer                   one has said something of its own
 */
export class Outbox {
  #start = new Said(undefined, undefined);
  #speakers: Speaker[] = [];
  /** When something was heard, or said first, in this turn, in milliseconds since the epoch. */
  turnMs = 0;
  #isScheduled = false;
  #isHearing = false;
  readonly #flush = (): void => {
    const speakers = this.#speakers;
    this.#isScheduled = false;
    this.#speakers = [];
    this.#start = new Said(undefined, undefined);
    for (const speaker of speakers) speaker.flush();
  };

  /** Where a connection begins that has said nothing in this turn; its `flush` is called at the end of the turn. */
  begin(speaker: Speaker): Said {
    if (this.#speakers.push(speaker) === 1) {
      if (!this.#isHearing) this.turnMs = timeOrigin + performance.now();
      if (!this.#isHearing) this.#schedule();
    }
    return this.#start;
  }

  /** One connection begins to hear what has come, at this time by `performance.now()`. */
  beginHearing(nowMs: number): void {
    this.#isHearing = true;
    this.turnMs = timeOrigin + nowMs;
  }

  /**
   * It has heard it. When it is the only one with something to say now, because it answers, that leaves at once: in a
   * turn in which nobody else was told anything, there is nothing to wait for.
   */
  endHearing(): void {
    this.#isHearing = false;
    if (this.#isScheduled || this.#speakers.length === 0) return;
    if (this.#speakers.length === 1) this.#flush();
    else this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#flush);
  }
}

// Asking for it costs more than asking for the time.
const { timeOrigin } = performance;

/** Who is told that the turn is over. */
export interface Speaker {
  flush(): void;
}

/** What a connection has said so far in this turn. */
export class Said {
  readonly length: number;
  readonly #before: Said | undefined;
  readonly #frame: Uint8Array | undefined;
  /** The branch that was taken last; the others are found by those who are on them already. */
  #next: Said | undefined;
  #bytes: Uint8Array | undefined;

  constructor(before: Said | undefined, frame: Uint8Array | undefined) {
    this.#before = before;
    this.#frame = frame;
    this.length = (before?.length ?? 0) + (frame?.length ?? 0);
  }

  /** Say one frame more. */
  and(frame: Uint8Array): Said {
    const next = this.#next;
    return next !== undefined && next.#frame === frame ? next : (this.#next = new Said(this, frame));
  }

  /** All of it. The bytes may be those of others too, and must not be changed. */
  bytes(): Uint8Array {
    return (this.#bytes ??= this.#join());
  }

  #join(): Uint8Array {
    if (this.#frame !== undefined && this.length === this.#frame.length) return this.#frame;
    const frames: Uint8Array[] = [];
    Said.#collect(this, frames);
    return Buffer.concat(frames.toReversed(), this.length);
  }

  static #collect(last: Said, frames: Uint8Array[]): void {
    for (let said: Said | undefined = last; said !== undefined; said = said.#before) {
      if (said.#frame !== undefined) frames.push(said.#frame);
    }
  }
}

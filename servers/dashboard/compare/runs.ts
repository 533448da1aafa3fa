import { Pulse } from "../pulse.ts";
import { Refusal } from "../refusal.ts";
import type { CompareFace, HeardPart } from "./face.ts";

/** What happens in the comparison: a transport begins, a part of its conversation passes, it is done or went wrong. */
export type Happening =
  | { readonly type: "begin"; readonly message: string }
  | { readonly type: "part"; readonly heard: HeardPart }
  | {
      readonly type: "end";
      readonly clientBytes: number;
      readonly serverBytes: number;
      readonly tookMs: number;
      /** What went wrong; empty when nothing did. */
      readonly failure: string;
    };

/** The same with its number, and of which run and transport. */
export interface NumberedHappening {
  readonly number: number;
  readonly run: number;
  readonly transport: string;
  readonly happening: Happening;
}

/** Runs that may wait for their turn. */
const mostWaiting = 8;

/**
 * Messages that were asked for, said one after the other over every transport, so that none disturbs the time of another;
 * and what passed, kept for those who come later.
 */
export class Runs {
  readonly #face: CompareFace;
  readonly #capacity: number;
  readonly #kept: NumberedHappening[] = [];
  readonly #pulse = new Pulse();
  /** Counts on from the time: whoever read up to some number of a server before this one misses nothing of this one. */
  #number = Date.now();
  #run = 0;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(face: CompareFace, capacity = 2_000) {
    this.#face = face;
    this.#capacity = capacity;
  }

  /** Say a message over these transports, soon. @returns the number of the run @throws Refusal 503 when too many wait */
  start(message: string, transports: readonly string[]): number {
    if (this.#waiting >= mostWaiting) {
      throw new Refusal(503, `${mostWaiting} messages wait already; come again when they are through`);
    }
    this.#waiting += 1;
    this.#run += 1;
    const run = this.#run;
    this.#last = this.#last.then(async () => {
      for (const transport of transports) {
        if (!this.#isClosed) await this.#say(run, transport, message);
      }
      this.#waiting -= 1;
    });
    return run;
  }

  /** What happens after a number, in bursts, until the signal aborts. */
  async *after(place: number, signal: AbortSignal): AsyncGenerator<readonly NumberedHappening[]> {
    // A place that is not reached yet is of a clock that was ahead.
    let last = place > this.#number ? 0 : place;
    while (!signal.aborted) {
      const changed = this.#pulse.next(signal);
      const fresh = this.#kept.filter(({ number }) => number > last);
      last = this.#number;
      if (fresh.length > 0) yield fresh;
      else await changed;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#pulse.ring();
  }

  async #say(run: number, transport: string, message: string): Promise<void> {
    const bytes = { client: 0, server: 0 };
    const tell = (happening: Happening): void => this.#keep({ run, transport, happening });
    let isOver = false;
    const hear = (heard: HeardPart): void => {
      if (isOver) return;
      if (heard.isOnWire) bytes[heard.from] += heard.part.bytes.length;
      tell({ type: "part", heard });
    };
    tell({ type: "begin", message });
    let tookMs = 0;
    let failure = "";
    try {
      tookMs = await this.#face.say(transport, message, hear);
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    isOver = true;
    tell({ type: "end", clientBytes: bytes.client, serverBytes: bytes.server, tookMs, failure });
  }

  #keep(what: Omit<NumberedHappening, "number">): void {
    this.#number += 1;
    this.#kept.push({ number: this.#number, ...what });
    // Trimmed by halves: one long move now and then instead of one for each.
    if (this.#kept.length > this.#capacity * 2) this.#kept.splice(0, this.#kept.length - this.#capacity);
    this.#pulse.ring();
  }
}

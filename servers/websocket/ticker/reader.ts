import type { Issue } from "./audience.ts";
import type { Frame } from "../frame.ts";
import type { FaultDesk, ReaderFaults } from "./faults.ts";
import { isConflated } from "./topic.ts";

/** The way to one connection. */
export interface Outlet {
  /** The n-th of the server, from 1. */
  readonly connection: number;
  readonly bufferedBytes: number;
  send(message: string | Frame): void;
  close(code: number, reason: string): void;
  drop(how: "rst" | "fin"): void;
  note(event: string): void;
}

/** When a reader is slow, and when too slow. */
export interface ReaderLimits {
  /** Quotes are held back, and only the latest kept, while more than this waits to be read. */
  readonly quoteBufferBytes: number;
  /** The connection is closed with 1008 when more than this waits. */
  readonly maxBufferedBytes: number;
  /** The same when a reader has been slow for so long. */
  readonly slowReaderTimeoutMs: number;
}

/** What all readers of a server did, added up. */
export interface ReaderTally {
  sent: number;
  conflated: number;
  closedSlow: number;
}

/** One reader as others may see it. */
export interface ReaderState {
  readonly connection: number;
  /** What it subscribed to. */
  readonly topics: readonly string[];
  readonly sent: number;
  /** Quotes that were replaced by newer ones before they were sent. */
  readonly conflated: number;
  readonly bufferedBytes: number;
  readonly isSlow: boolean;
}

/**
 * One connection that is told what it subscribed to. While it reads slowly, of the quotes of a topic only the latest
 * waits; changes of a book and trades are all sent, and when too much of them waits, or for too long, it is closed: a
 * reader that missed one would be wrong without knowing.
 */
export class Reader {
  readonly topics = new Set<string>();
  /** Whether it is told the names of the streams too. */
  isCombined = false;
  readonly #outlet: Outlet;
  readonly #limits: ReaderLimits;
  readonly #tally: ReaderTally;
  readonly #faults: ReaderFaults;
  /** The latest quote of each topic that could not be sent yet. */
  readonly #held = new Map<string, Issue>();
  #slowSinceMs: number | undefined;
  #isOpen = true;
  #sent = 0;
  #conflated = 0;

  constructor(outlet: Outlet, limits: ReaderLimits, tally: ReaderTally, faults: FaultDesk) {
    this.#outlet = outlet;
    this.#limits = limits;
    this.#tally = tally;
    this.#faults = faults.reader(outlet.connection);
  }

  get state(): ReaderState {
    return {
      connection: this.#outlet.connection,
      topics: [...this.topics],
      sent: this.#sent,
      conflated: this.#conflated,
      bufferedBytes: this.#outlet.bufferedBytes,
      isSlow: this.#slowSinceMs !== undefined,
    };
  }

  /** Whether it is told nothing at present, not even answers: a silent stall. */
  get isStalled(): boolean {
    return this.#faults.isStalled;
  }

  /** How many events a snapshot that it asks for is behind. */
  staleness(symbol: string): number {
    return this.#faults.staleness(symbol);
  }

  /** Tell it something that it subscribed to. */
  deliver(issue: Issue): void {
    if (!this.#isOpen) return;
    if (this.#faults.isIdle) {
      this.#send(issue);
      return;
    }
    const fate = this.#faults.befall(issue);
    for (const told of fate.told) this.#send(told);
    if (fate.isCut) this.#outlet.drop("rst");
  }

  /** Answer something that it asked. */
  answer(text: string): void {
    if (!this.isStalled) this.#outlet.send(text);
  }

  /** Send the latest quotes that waited, if it reads again; close it when it was slow for too long. */
  flush(nowMs: number): void {
    const waiting = this.#outlet.bufferedBytes;
    if (waiting > this.#limits.maxBufferedBytes) return this.tooSlow();
    if (waiting <= this.#limits.quoteBufferBytes) {
      this.#slowSinceMs = undefined;
      for (const issue of this.#held.values()) this.#put(issue);
      this.#held.clear();
    } else if (this.#slowSinceMs === undefined) this.#slowSinceMs = nowMs;
    else if (nowMs - this.#slowSinceMs > this.#limits.slowReaderTimeoutMs) this.tooSlow();
  }

  /** Close it: it cannot be told all that it has to know. */
  tooSlow(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#tally.closedSlow++;
    this.#held.clear();
    this.#outlet.note(`slow reader: ${this.#outlet.bufferedBytes} bytes wait`);
    this.#outlet.close(1008, "slow consumer");
  }

  /** Its connection is gone. */
  leave(): void {
    this.#isOpen = false;
    this.#held.clear();
  }

  #send(issue: Issue): void {
    const { topic, channel } = issue.publication;
    const isLate =
      isConflated(channel) &&
      (this.#held.has(topic) || this.#outlet.bufferedBytes > this.#limits.quoteBufferBytes);
    if (!isLate) {
      this.#put(issue);
      return;
    }
    if (this.#held.has(topic)) {
      this.#conflated++;
      this.#tally.conflated++;
    }
    this.#held.set(topic, issue);
  }

  #put(issue: Issue): void {
    this.#sent++;
    this.#tally.sent++;
    this.#outlet.send(issue.frame(this.isCombined));
  }
}

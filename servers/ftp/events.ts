/** What happens to a file server, as its user sees it: who came, what was transferred, what changed. */
import { matchesPattern } from "./patterns.ts";

interface About {
  /** Counts up from 1 over the life of the server. */
  readonly sequence: number;
  /** In milliseconds since the epoch, with fractions. */
  readonly atMs: number;
  /** The n-th connection of the server, from 1. */
  readonly session: number;
  /** Empty before the login. */
  readonly user: string;
}

/** A file that went over the wire, or began to. */
export interface TransferEvent extends About {
  readonly type: "upload" | "download";
  readonly state: "started" | "finished" | "aborted";
  /** In the file system of the server, from its root. */
  readonly path: string;
  /** Bytes that went over the data connection so far. */
  readonly bytes: number;
  /** Where in the file the transfer began: REST, or the old end with APPE. */
  readonly startAt: number;
  readonly durationMs: number;
  /** Why it was aborted, in a sentence. */
  readonly reason?: string;
}

export type FtpEvent =
  | TransferEvent
  | (About & { readonly type: "connect"; readonly clientAddress: string })
  | (About & { readonly type: "login"; readonly isAccepted: boolean })
  | (About & { readonly type: "list"; readonly path: string; readonly entries: number })
  | (About & { readonly type: "rename"; readonly from: string; readonly path: string })
  | (About & {
      readonly type: "delete" | "make-directory" | "remove-directory" | "change";
      readonly path: string;
    })
  | (About & { readonly type: "disconnect"; readonly how: "ended" | "lost" });

/** An event as its maker tells it; the rest is added. */
export type FtpOccurrence = FtpEvent extends infer Event
  ? Event extends FtpEvent
    ? Omit<Event, "sequence" | "atMs">
    : never
  : never;

/** The newest events, and everybody who waits for the next. */
export class FtpEvents {
  readonly #kept: FtpEvent[] = [];
  readonly #maxEvents: number;
  readonly #listeners = new Set<(event: FtpEvent) => void>();
  readonly #closers = new Set<() => void>();
  /** Sequence numbers that a `waitFor…` has given already. */
  readonly #given = new Set<number>();
  #sequence = 0;

  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents;
  }

  tell(occurrence: FtpOccurrence): void {
    this.#sequence += 1;
    const atMs = performance.timeOrigin + performance.now();
    const event: FtpEvent = { sequence: this.#sequence, atMs, ...occurrence };
    this.#kept.push(event);
    // Twice the bound, then cut to it: a shift per event would copy the list each time.
    if (this.#kept.length > this.#maxEvents * 2) {
      for (const { sequence } of this.#kept.splice(0, this.#maxEvents)) this.#given.delete(sequence);
    }
    for (const listener of this.#listeners) listener(event);
  }

  /** The kept events, oldest first. */
  list(): FtpEvent[] {
    return this.#kept.slice(-this.#maxEvents);
  }

  /** Hear of every event, synchronously and in order; the result stops it. */
  watch(listener: (event: FtpEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Every event from now on, until the server closes; from the call on, not from the first look. */
  iterate(): AsyncIterableIterator<FtpEvent> {
    const arrived: FtpEvent[] = [];
    let wake = (): void => {};
    let isOpen = true;
    const leave = (): void => {
      isOpen = false;
      stop();
      this.#closers.delete(leave);
      wake();
    };
    const stop = this.watch((event) => {
      arrived.push(event);
      wake();
    });
    this.#closers.add(leave);
    const read = async function* (): AsyncGenerator<FtpEvent, undefined> {
      while (isOpen || arrived.length > 0) {
        const event = arrived.shift();
        if (event) yield event;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
      return undefined;
    };
    const events = read();
    return {
      next: () => events.next(),
      return: () => {
        leave();
        arrived.length = 0;
        return events.return(undefined);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /**
   * The first event that fits and that no earlier call has given: one that has happened already, or the next.
   * @throws whatever `late` gives when the time is up or the server closes
   */
  async next<Event extends FtpEvent>(
    fits: (event: FtpEvent) => event is Event,
    timeoutMs: number,
    late: (why: string) => Error,
  ): Promise<Event> {
    const past = this.#kept.find((event): event is Event => !this.#given.has(event.sequence) && fits(event));
    if (past) {
      this.#given.add(past.sequence);
      return past;
    }
    return await new Promise<Event>((resolve, reject) => {
      const settle = (): void => {
        stop();
        clearTimeout(timer);
        this.#closers.delete(close);
      };
      const close = (): void => {
        settle();
        reject(late("the server closed"));
      };
      const stop = this.watch((event) => {
        if (this.#given.has(event.sequence) || !fits(event)) return;
        this.#given.add(event.sequence);
        settle();
        resolve(event);
      });
      const timer = setTimeout(() => {
        settle();
        reject(late(`not within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#closers.add(close);
    });
  }

  close(): void {
    for (const close of this.#closers) close();
  }
}

/** Whether a path fits a pattern of `waitFor…`; both may begin with a slash or not. */
export function fitsPath(pattern: string, path: string): boolean {
  return matchesPattern(pattern.replace(/^\//, ""), path.replace(/^\//, ""));
}

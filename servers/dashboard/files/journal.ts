import { randomBytes } from "node:crypto";
import type { FtpEvent, FtpOccurrence } from "../../ftp/events.ts";
import type { FileFace } from "../options.ts";
import { Pulse } from "../pulse.ts";

/**
 * What happens to the files, numbered: what the file server tells and what is done over REST, in one list. Everybody who
 * watches reads it at his own pace, and one who comes back reads on where he stopped.
 */
export interface FileJournal {
  /** Tells this run of the dashboard from another. */
  readonly run: string;
  /** The number of the newest change. */
  readonly number: number;
  /** The kept changes, oldest first. */
  list(): readonly FileChange[];
  /** Something was done over REST. */
  tell(occurrence: FileOccurrence): void;
  /** Changes after a number, in bursts, until the signal aborts. `isGap`: changes before this burst are not kept. */
  after(
    number: number,
    signal: AbortSignal,
  ): AsyncGenerator<{ changes: readonly FileChange[]; isGap: boolean }>;
  close(): void;
}

/** One change, by whom and which way. */
export interface FileChange {
  readonly number: number;
  readonly atMs: number;
  readonly via: "ftp" | "rest";
  readonly occurrence: Kept;
}

type Kept = Exclude<FtpOccurrence, { type: "connect" | "disconnect" | "list" }>;

/** A change as the REST tells it; it has no connection. */
export type FileOccurrence = Kept extends infer One
  ? One extends Kept
    ? Omit<One, "session">
    : never
  : never;

/** Keep the newest `capacity` changes, beginning with those that the file server has kept itself. */
export function fileJournalOf(face: FileFace | undefined, capacity = 10_000): FileJournal {
  const run = randomBytes(4).toString("hex");
  const kept: FileChange[] = [];
  const pulse = new Pulse();
  let number = 0;
  const keep = (via: FileChange["via"], atMs: number, occurrence: Kept): void => {
    kept.push({ number: ++number, atMs, via, occurrence });
    // Trimmed by halves: one long move now and then instead of one per change.
    if (kept.length > capacity * 2) kept.splice(0, kept.length - capacity);
    pulse.ring();
  };
  const hear = (event: FtpEvent): void => {
    // Who only looks changes nothing, and would push out those who do; the wire shows him.
    if (event.type === "connect" || event.type === "disconnect" || event.type === "list") return;
    keep("ftp", event.atMs, event);
  };
  for (const event of face?.log() ?? []) hear(event);
  const stop = face?.watch(hear);
  return {
    run,
    get number() {
      return number;
    },
    list: () => kept.slice(-capacity),
    tell: (occurrence) => keep("rest", Date.now(), { ...occurrence, session: 0 }),
    async *after(place, signal) {
      let last = place;
      while (!signal.aborted) {
        const changed = pulse.next(signal);
        const oldest = kept[0]?.number ?? number + 1;
        const isGap = last < oldest - 1;
        const changes = kept.slice(Math.max(0, last - oldest + 1));
        last = number;
        if (changes.length > 0 || isGap) yield { changes, isGap };
        else await changed;
      }
    },
    close() {
      stop?.();
      pulse.ring();
    },
  };
}

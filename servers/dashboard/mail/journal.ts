import { randomBytes } from "node:crypto";
import type { Mailbox, MailboxEvent } from "../../smtp/mailbox.ts";
import { Pulse } from "../pulse.ts";

/**
 * The latest changes of a mailbox, numbered, so that everybody who watches reads them at his own pace and one who
 * comes back reads on where he stopped. What has left the journal is read from the mailbox itself: the place in a
 * journal also holds the sequence number of the newest mail at that time.
 */
export interface Journal {
  /** Where the journal ends now. */
  place(): Place;
  /** Changes after a place, in bursts, until the signal aborts. `isGap`: changes before this burst are not kept. */
  after(place: Place, signal: AbortSignal): AsyncGenerator<{ changes: readonly Change[]; isGap: boolean }>;
  close(): void;
}

/** A place in a journal; `run` tells this run of the server from another. */
export interface Place {
  readonly run: string;
  readonly number: number;
  readonly sequence: number;
}

/** One change of the mailbox, without the mail itself. */
export interface Change extends Place {
  readonly what: "added" | "marked" | "removed" | "retired";
  readonly ids: readonly string[];
}

export const printPlace = ({ run, number, sequence }: Place): string => `${run}-${number}-${sequence}`;

/** The place that a `Last-Event-ID` names, or undefined when it is none of ours. */
export function parsePlace(printed: string): Place | undefined {
  const [, run, number, sequence] = /^([0-9a-f]+)-(\d+)-(\d+)$/.exec(printed) ?? [];
  return run ? { run, number: Number(number), sequence: Number(sequence) } : undefined;
}

/** Keep the newest `capacity` changes of a mailbox from now on. */
export async function journalOf(mailbox: Mailbox, capacity = 10_000): Promise<Journal> {
  const run = randomBytes(4).toString("hex");
  const kept: Change[] = [];
  const pulse = new Pulse();
  let number = 0;
  let sequence = 0;
  const stop = mailbox.watch((event) => {
    if (event.type === "added") sequence = Math.max(sequence, event.mail.sequence);
    kept.push({ run, number: ++number, sequence, ...changeOf(event) });
    // Trimmed by halves: one long move now and then instead of one per change.
    if (kept.length > capacity * 2) kept.splice(0, kept.length - capacity);
    pulse.ring();
  });
  const newest = await mailbox.search({}, { limit: 1 });
  sequence = Math.max(sequence, newest.mails[0]?.sequence ?? 0);
  return {
    place: () => ({ run, number, sequence }),
    async *after(place, signal) {
      let last = place.run === run ? place.number : Number.NEGATIVE_INFINITY;
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
      stop();
      pulse.ring();
    },
  };
}

function changeOf(event: MailboxEvent): Pick<Change, "what" | "ids"> {
  if (event.type === "added") return { what: "added", ids: [event.mail.id] };
  if (event.type === "marked") return { what: "marked", ids: event.ids };
  return { what: event.reason === "asked" ? "removed" : "retired", ids: event.ids };
}

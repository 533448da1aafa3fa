import type { Transcript, TranscriptEntry } from "../../../wire/transcript.ts";
import { Pulse } from "../pulse.ts";

/** A message of a conversation as the REST writes it. */
export const entryShape = (entry: TranscriptEntry) => ({
  Sequence: entry.sequence,
  At: new Date(entry.atMs).toISOString(),
  Connection: entry.connection,
  From: entry.from,
  Text: entry.text,
});

/**
 * Every entry after a sequence number, in bursts, until the signal aborts. It reads the transcript's own bounded list
 * at the reader's pace: a slow reader misses the oldest entries and fills no memory.
 */
export async function* entriesAfter(
  transcript: Transcript,
  sequence: number,
  signal: AbortSignal,
): AsyncGenerator<TranscriptEntry[]> {
  const pulse = new Pulse();
  const stop = transcript.watch(() => pulse.ring());
  let last = sequence;
  try {
    while (!signal.aborted) {
      const changed = pulse.next(signal);
      const burst = transcript.list().filter((entry) => entry.sequence > last);
      last = burst.at(-1)?.sequence ?? last;
      if (burst.length > 0) yield burst;
      else await changed;
    }
  } finally {
    stop();
    pulse.ring();
  }
}

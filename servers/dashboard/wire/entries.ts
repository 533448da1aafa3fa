import type { Transcript, TranscriptEntry } from "../../../wire/transcript.ts";
import type { DashboardSettings } from "../options.ts";
import { Pulse } from "../pulse.ts";

/** The servers whose conversations are shown, by protocol. Each counts its connections and messages by itself. */
export const protocols = ["smtp", "ftp"] as const;
export type Protocol = (typeof protocols)[number];

/** A message of a conversation, and of which server. */
export interface WireEntry {
  readonly protocol: Protocol;
  readonly entry: TranscriptEntry;
}

/** The transcripts that there are; of one server when asked. */
export function transcriptsOf(
  { mail, files }: DashboardSettings,
  only?: string,
): ReadonlyMap<Protocol, Transcript> {
  const all: [Protocol, Transcript][] = [["smtp", mail.transcript]];
  if (files) all.push(["ftp", files.transcript]);
  return new Map(all.filter(([protocol]) => only === undefined || protocol === only));
}

/** A message of a conversation as the REST writes it. */
export const entryShape = ({ protocol, entry }: WireEntry) => ({
  Protocol: protocol,
  Sequence: entry.sequence,
  At: new Date(entry.atMs).toISOString(),
  Connection: entry.connection,
  From: entry.from,
  Text: entry.text,
});

/** The message that was read last: its number, and when it was said, if that is known. */
export type Mark = Pick<TranscriptEntry, "sequence"> & Partial<TranscriptEntry>;

/** How far a reader has read, by server. */
export type Place = ReadonlyMap<Protocol, Mark>;

/** `smtp:12@1764000000000,ftp:40@1764000000123` */
export const printPlace = (place: Place): string =>
  [...place].map(([protocol, { sequence, atMs }]) => `${protocol}:${sequence}${when(atMs)}`).join(",");

const when = (atMs: number | undefined): string => (atMs === undefined ? "" : `@${Math.trunc(atMs)}`);

/** A place as it was printed; a number alone is one of the first server that is asked about. */
export function parsePlace(printed: string, transcripts: ReadonlyMap<Protocol, Transcript>): Place {
  const [first = "smtp"] = transcripts.keys();
  const place = new Map<Protocol, Mark>();
  for (const part of printed.split(",")) {
    const [, name = first, sequence, atMs] = /^(?:([a-z]+):)?(\d+)(?:@(\d+))?$/.exec(part.trim()) ?? [];
    const protocol = protocols.find((one) => one === name);
    if (!protocol || !sequence) continue;
    place.set(protocol, { sequence: Number(sequence), ...(atMs ? { atMs: Number(atMs) } : {}) });
  }
  return place;
}

/** The kept messages after a place, in the order of time. */
export function entriesSince(transcripts: ReadonlyMap<Protocol, Transcript>, place: Place): WireEntry[] {
  const entries = [...transcripts].flatMap(([protocol, transcript]) => {
    const kept = transcript.list();
    const read = place.get(protocol);
    const last = read && isOf(kept, read) ? read.sequence : 0;
    return kept.filter(({ sequence }) => sequence > last).map((entry) => ({ protocol, entry }));
  });
  return transcripts.size > 1 ? entries.sort((a, b) => a.entry.atMs - b.entry.atMs) : entries;
}

/** Whether a mark is of these messages. A server before this one counted from 1 as well, and said others. */
function isOf(kept: readonly TranscriptEntry[], { sequence, atMs }: Mark): boolean {
  if (sequence > (kept.at(-1)?.sequence ?? 0)) return false;
  const same = kept.findLast((entry) => entry.sequence === sequence);
  return !same || atMs === undefined || Math.trunc(same.atMs) === Math.trunc(atMs);
}

/**
 * Every message after a place, in bursts, until the signal aborts. It reads the transcripts' own bounded lists at the
 * reader's pace: a slow reader misses the oldest messages and fills no memory.
 */
export async function* entriesAfter(
  transcripts: ReadonlyMap<Protocol, Transcript>,
  place: Place,
  signal: AbortSignal,
): AsyncGenerator<WireEntry[]> {
  const pulse = new Pulse();
  const stops = [...transcripts.values()].map((transcript) => transcript.watch(() => pulse.ring()));
  const last = new Map(place);
  try {
    while (!signal.aborted) {
      const changed = pulse.next(signal);
      const burst = entriesSince(transcripts, last);
      for (const { protocol, entry } of burst) last.set(protocol, entry);
      if (burst.length > 0) yield burst;
      else await changed;
    }
  } finally {
    for (const stop of stops) stop();
    pulse.ring();
  }
}

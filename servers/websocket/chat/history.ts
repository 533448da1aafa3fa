import type { Bus, BusEntry } from "../../../wire/bus.ts";
import { isLaterId } from "../../../wire/stream-id.ts";
import { readEvent, type RoomEvent } from "./event.ts";

/** A moment in a room: an event of it, or a time. */
export interface Point {
  readonly id: string | undefined;
  readonly atMs: number;
  /** What is at the moment counts as before it. @default false */
  readonly isIncluded?: boolean;
}

/** A part of what happened in a room. */
export interface Stretch {
  readonly after?: Point | undefined;
  readonly before?: Point | undefined;
  /** Which of it, when there is more: the newest, or the oldest. */
  readonly isNewest: boolean;
  readonly limit: number;
  /** Which kinds of events are wanted. */
  readonly isWanted: (event: RoomEvent) => boolean;
}

/** Something that happened, under its id. */
export interface Happened {
  readonly id: string;
  readonly event: RoomEvent;
}

/** Entries that are read at once. */
const pageEntries = 500;

/** Read a `msgid=…` or `timestamp=…` of CHATHISTORY. */
export function readPoint(reference: string): Point | undefined {
  const [, id] = /^msgid=(\d+-\d+)$/.exec(reference) ?? [];
  if (id !== undefined) return { id, atMs: Number.parseInt(id, 10) };
  const [, time] = /^timestamp=(.+)$/.exec(reference) ?? [];
  const atMs = Date.parse(time ?? "");
  return Number.isNaN(atMs) ? undefined : { id: undefined, atMs };
}

/** Whether a moment comes after another. */
export function isLater(point: Point, other: Point): boolean {
  if (point.id !== undefined && other.id !== undefined) return isLaterId(point.id, other.id);
  return point.atMs > other.atMs;
}

/** Read pages of a room's stream, forwards or backwards, until there are enough or it ends. @returns oldest first */
export async function readStretch(bus: Bus, stream: string, stretch: Stretch): Promise<Happened[]> {
  const { after, before, isNewest, limit, isWanted } = stretch;
  const found: Happened[] = [];
  let from = isNewest ? before && idBehind(before) : (after?.id ?? "0");
  for (;;) {
    const page: BusEntry[] = isNewest
      ? await bus.range(stream, { ...(from === undefined ? {} : { before: from }), count: pageEntries })
      : await bus.range(stream, { after: from ?? "0", count: pageEntries });
    const wanted = page.flatMap(({ id, message }) => {
      const event = readEvent(message);
      return event && isWanted(event) && isWithin({ id, event }, stretch) ? [{ id, event }] : [];
    });
    if (isNewest) found.unshift(...wanted);
    else found.push(...wanted);
    const last = isNewest ? page[0] : page.at(-1);
    const end = isNewest ? after?.id : before?.id;
    const isPast = end !== undefined && last !== undefined && isLaterId(last.id, end) !== isNewest;
    if (found.length >= limit || page.length < pageEntries || isPast)
      return isNewest ? found.slice(-limit) : found.slice(0, limit);
    from = last!.id;
  }
}

/** Where to begin, backwards from a moment; nothing for a time, which only the events themselves tell. */
function idBehind({ id, isIncluded = false }: Point): string | undefined {
  if (id === undefined || !isIncluded) return id;
  const [ms = "0", count = "0"] = id.split("-");
  return `${ms}-${Number(count) + 1}`;
}

function isWithin({ id, event }: Happened, { after, before }: Stretch): boolean {
  return (!after || isAfter(id, event, after)) && (!before || isBefore(id, event, before));
}

function isAfter(id: string, { atMs }: RoomEvent, point: Point): boolean {
  return point.id === undefined ? atMs > point.atMs : isLaterId(id, point.id);
}

function isBefore(id: string, { atMs }: RoomEvent, { isIncluded = false, ...point }: Point): boolean {
  if (point.id === undefined) return isIncluded ? atMs <= point.atMs : atMs < point.atMs;
  return isLaterId(point.id, id) || (isIncluded && point.id === id);
}

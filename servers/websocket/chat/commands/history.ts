import type { BusEntry } from "../../../../wire/bus.ts";
import { isLaterId } from "../../../../wire/stream-id.ts";
import type { ChatCommand } from "../command.ts";
import { broadcastOf } from "../deliver.ts";
import { isSpoken, readEvent, type RoomEvent } from "../event.ts";
import type { ChatSession } from "../session.ts";

/**
 * `CHATHISTORY LATEST|AFTER|BEFORE room reference limit` (IRCv3 draft/chathistory): what was said in a room. The
 * references are the ids of messages, which are the ids of the bus, so what came after one is one range of its stream:
 * nothing is lost and nothing doubled, whichever process is asked.
 */
export const history: ChatCommand = {
  name: "CHATHISTORY",
  minParams: 4,
  async run(session, { params: [given = "", name = "", reference = "", most = ""] }) {
    const verb = given.toUpperCase();
    const fail = (code: string, text: string): void => session.fail("CHATHISTORY", code, [verb, name], text);
    const live = session.hub.rooms.get(name);
    if (!live || !session.rooms.has(live.key)) {
      fail("INVALID_TARGET", "You are not in that room");
      return;
    }
    const limit = Math.min(Number(most), session.hub.options.maxHistoryLines);
    const point = pointOf(reference);
    const isRight =
      Number.isInteger(limit) && limit > 0 && (point || (verb === "LATEST" && reference === "*"));
    if (!isRight || !["LATEST", "AFTER", "BEFORE"].includes(verb)) {
      fail("INVALID_PARAMS", "LATEST, AFTER or BEFORE, then msgid= or timestamp=, and how many");
      return;
    }
    const stream = session.hub.rooms.streamOf(live.key);
    const found = await spoken(session, stream, { verb, point, limit });
    tellBatch(session, live.room.name, found);
  },
};

/** A moment in a stream: an entry, or a time. */
interface Point {
  readonly id: string | undefined;
  readonly atMs: number;
}

interface Asked {
  readonly verb: string;
  readonly point: Point | undefined;
  readonly limit: number;
}

interface Spoken {
  readonly id: string;
  readonly event: RoomEvent;
}

function pointOf(reference: string): Point | undefined {
  const [, id] = /^msgid=(\d+-\d+)$/.exec(reference) ?? [];
  if (id !== undefined) return { id, atMs: 0 };
  const [, time] = /^timestamp=(.+)$/.exec(reference) ?? [];
  const atMs = Date.parse(time ?? "");
  return Number.isNaN(atMs) ? undefined : { id: undefined, atMs };
}

/** Entries that are read at once. */
const pageEntries = 500;

/** Read pages of a stream, forwards or backwards, until there are enough or it ends. */
async function spoken(
  session: ChatSession,
  stream: string,
  { verb, point, limit }: Asked,
): Promise<Spoken[]> {
  const { bus } = session.hub;
  const isForwards = verb === "AFTER";
  const after = verb === "BEFORE" ? undefined : point?.id;
  const found: Spoken[] = [];
  let from = isForwards ? (after ?? "0") : verb === "BEFORE" ? point?.id : undefined;
  for (;;) {
    const page: BusEntry[] = isForwards
      ? await bus.range(stream, { after: from ?? "0", count: pageEntries })
      : await bus.range(stream, { ...(from === undefined ? {} : { before: from }), count: pageEntries });
    const messages = page.flatMap(({ id, message }) => {
      const event = readEvent(message);
      return event && isSpoken(event) && isWithin({ id, event }, verb, point) ? [{ id, event }] : [];
    });
    if (isForwards) found.push(...messages);
    else found.unshift(...messages);
    const isPast = !isForwards && after !== undefined && page.some(({ id }) => !isLaterId(id, after));
    if (found.length >= limit || page.length < pageEntries || isPast)
      return isForwards ? found.slice(0, limit) : found.slice(-limit);
    from = isForwards ? page.at(-1)!.id : page[0]!.id;
  }
}

function isWithin({ id, event }: Spoken, verb: string, point: Point | undefined): boolean {
  if (!point) return true;
  if (point.id !== undefined) return verb === "BEFORE" || isLaterId(id, point.id);
  return verb === "BEFORE" ? event.atMs < point.atMs : event.atMs > point.atMs;
}

function tellBatch(session: ChatSession, room: string, found: readonly Spoken[]): void {
  const { serverName } = session.hub.options;
  const hasBatch = session.capabilities.has("batch");
  const lines = found.map(({ id, event }) => {
    const broadcast = broadcastOf(room, id, event);
    return hasBatch
      ? broadcast.lineWith(["batch", "history"], session.understanding)
      : broadcast.lineFor(session.understanding);
  });
  session.sendLines([
    ...(hasBatch ? [`:${serverName} BATCH +history chathistory ${room}`] : []),
    ...lines.map(({ text }) => text),
    ...(hasBatch ? [`:${serverName} BATCH -history`] : []),
  ]);
}

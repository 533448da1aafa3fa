import type { ChatCommand } from "../command.ts";
import { broadcastOf } from "../deliver.ts";
import { isSpoken, type RoomEvent } from "../event.ts";
import { type Happened, isLater, type Point, readPoint, readStretch, type Stretch } from "../history.ts";
import type { LiveRoom } from "../live-room.ts";
import type { ChatSession } from "../session.ts";

/**
 * `CHATHISTORY LATEST|AFTER|BEFORE|AROUND room reference limit`, `BETWEEN room reference reference limit` and `TARGETS
 * reference reference limit` (IRCv3 draft/chathistory): what was said in a room, and in which rooms something was. The
 * references are the ids of messages, which are the ids of the bus, so what came after one is one range of its stream:
 * nothing is lost and nothing doubled, whichever process is asked.
 */
export const history: ChatCommand = {
  name: "CHATHISTORY",
  minParams: 4,
  async run(session, { params: [given = "", ...words] }) {
    const verb = given.toUpperCase();
    if (verb === "TARGETS") {
      await tellTargets(session, words);
      return;
    }
    const [name = "", first = "", ...others] = words;
    const fail = (code: string, text: string): void => session.fail("CHATHISTORY", code, [verb, name], text);
    const live = session.hub.rooms.get(name);
    if (!live || !session.rooms.has(live.key)) {
      fail("INVALID_TARGET", "You are not in that room");
      return;
    }
    const asked = {
      verb,
      point: readPoint(first),
      isOpen: first === "*",
      other: verb === "BETWEEN" ? readPoint(others[0] ?? "") : undefined,
      limit: limitOf(session, others[verb === "BETWEEN" ? 1 : 0]),
    };
    const stretches = stretchesOf(asked, wantedBy(session));
    if (!stretches) {
      fail(
        "INVALID_PARAMS",
        "LATEST, AFTER, BEFORE, AROUND or BETWEEN, then msgid= or timestamp=, and how many",
      );
      return;
    }
    tellBatch(session, live.room.name, await readAll(session, live, stretches, asked.limit));
  },
};

interface Asked {
  readonly verb: string;
  readonly point: Point | undefined;
  /** `*` in the place of a moment. */
  readonly isOpen: boolean;
  readonly other: Point | undefined;
  readonly limit: number;
}

/** @returns NaN for what is no number above 0 */
function limitOf(session: ChatSession, given = ""): number {
  return /^[1-9]\d*$/.test(given) ? Math.min(Number(given), session.hub.options.maxHistoryLines) : Number.NaN;
}

/** What was said; with `draft/event-playback` also who came, went and did what. */
function wantedBy({ capabilities }: ChatSession): (event: RoomEvent) => boolean {
  if (!capabilities.has("draft/event-playback")) return isSpoken;
  return ({ kind }) => kind !== "invite" && kind !== "away" && kind !== "setname";
}

/** What a verb means, one behind the other. @returns nothing when it means nothing */
function stretchesOf(
  { verb, point, isOpen, other, limit }: Asked,
  isWanted: Stretch["isWanted"],
): readonly Stretch[] | undefined {
  if (Number.isNaN(limit) || (!point && !(verb === "LATEST" && isOpen))) return undefined;
  const common = { limit, isWanted };
  switch (verb) {
    case "LATEST":
      return [{ ...common, after: point, isNewest: true }];
    case "AFTER":
      return [{ ...common, after: point, isNewest: false }];
    case "BEFORE":
      return [{ ...common, before: point, isNewest: true }];
    case "AROUND": {
      const before = point && { ...point, isIncluded: true };
      return [
        { ...common, before, isNewest: true, limit: Math.floor(limit / 2) + 1 },
        { ...common, after: point, isNewest: false },
      ];
    }
    case "BETWEEN": {
      if (!point || !other) return undefined;
      // From the later one to the earlier one, it is the newest that are told.
      const isNewest = isLater(point, other);
      const [after, before] = isNewest ? [other, point] : [point, other];
      return [{ ...common, after, before, isNewest }];
    }
    default:
      return undefined;
  }
}

async function readAll(
  { hub }: ChatSession,
  live: LiveRoom<ChatSession>,
  stretches: readonly Stretch[],
  limit: number,
): Promise<Happened[]> {
  const found: Happened[] = [];
  for (const stretch of stretches) {
    const rest = Math.min(stretch.limit, limit - found.length);
    if (rest > 0)
      found.push(...(await readStretch(hub.bus, hub.rooms.streamOf(live.key), { ...stretch, limit: rest })));
  }
  return found;
}

function tellBatch(session: ChatSession, room: string, found: readonly Happened[]): void {
  const lines = found.map(({ id, event }) => {
    const broadcast = broadcastOf(room, id, event);
    return session.capabilities.has("batch")
      ? broadcast.lineWith(["batch", "history"], session.understanding)
      : broadcast.lineFor(session.understanding);
  });
  tellLines(
    session,
    `chathistory ${room}`,
    lines.map(({ text }) => text),
  );
}

/** The rooms that one is in with the time of what was said last, if it is between two moments. */
async function tellTargets(
  session: ChatSession,
  [first = "", second = "", most]: readonly string[],
): Promise<void> {
  const { hub } = session;
  const points = [readPoint(first), readPoint(second)];
  const limit = limitOf(session, most);
  const [one, other] = points;
  if (!one || !other || Number.isNaN(limit)) {
    session.fail("CHATHISTORY", "INVALID_PARAMS", ["TARGETS"], "TARGETS, then two timestamp=, and how many");
    return;
  }
  const [after, before] = isLater(one, other) ? [other, one] : [one, other];
  const latest = await Promise.all(
    [...session.rooms.values()].map(async ({ key, room }) => {
      const stretch = { isNewest: true, limit: 1, isWanted: isSpoken };
      const [last] = await readStretch(hub.bus, hub.rooms.streamOf(key), stretch);
      return { name: room.name, atMs: last?.event.atMs ?? -1 };
    }),
  );
  const told = latest
    .filter(({ atMs }) => atMs > after.atMs && atMs < before.atMs)
    .toSorted((room, next) => room.atMs - next.atMs)
    .slice(0, limit);
  const tag = session.capabilities.has("batch") ? "@batch=history " : "";
  const { serverName } = hub.options;
  tellLines(
    session,
    "draft/chathistory-targets",
    told.map(
      ({ name, atMs }) => `${tag}:${serverName} CHATHISTORY TARGETS ${name} ${new Date(atMs).toISOString()}`,
    ),
  );
}

/** Lines as a batch, for those who know what that is. */
function tellLines(session: ChatSession, about: string, lines: readonly string[]): void {
  const { serverName } = session.hub.options;
  const hasBatch = session.capabilities.has("batch");
  session.sendLines([
    ...(hasBatch ? [`:${serverName} BATCH +history ${about}`] : []),
    ...lines,
    ...(hasBatch ? [`:${serverName} BATCH -history`] : []),
  ]);
}

import { byteLength, fitted, isRoomName, maxLineBytes } from "../../../../wire/irc.ts";
import type { ChatCommand } from "../command.ts";
import type { LiveRoom } from "../live-room.ts";
import type { Room } from "../room.ts";
import type { Answering, ChatSession } from "../session.ts";

/** Those that one line may be for; `TARGMAX` says so. */
const maxTargets = 4;

const kinds = ["PRIVMSG", "NOTICE", "TAGMSG"] as const;
type Kind = (typeof kinds)[number];

/** What people say to a room or to one another, and tags without words. */
export const messages: readonly ChatCommand[] = kinds.map((kind) => ({
  name: kind,
  minParams: 0,
  run(session, message) {
    const [targets = "", text = ""] = message.params;
    // Tags that begin with + are for other clients; all others are for the server.
    const tags = [...message.tags].filter(([name]) => name.startsWith("+"));
    session.saidMs = session.hub.clock.now();
    if (targets === "") complain(session, kind, "411", [], `No recipient given (${kind})`);
    else if (text === "" && kind !== "TAGMSG") complain(session, kind, "412", [], "No text to send");
    else {
      const all = targets.split(",").slice(0, maxTargets);
      if (all.length > 1 && session.isLabelled) return sayToAll(session, all, { kind, text, tags });
      const doing = all.flatMap((target) => sayTo(session, target, { kind, text, tags }) ?? []);
      if (doing.length > 0) return Promise.all(doing).then(() => {});
    }
  },
}));

/** What is said, to whomever. */
interface Saying {
  readonly kind: Kind;
  readonly text: string;
  /** Those that are for other clients. */
  readonly tags: readonly (readonly [string, string])[];
}

/** All that comes back is one answer to one label, so it is waited for. */
async function sayToAll(session: ChatSession, targets: readonly string[], saying: Saying): Promise<void> {
  await session.settled();
  for (const target of targets) await sayTo(session, target, saying, { isAnswer: true });
}

function sayTo(
  session: ChatSession,
  target: string,
  saying: Saying,
  answering: Answering = {},
): void | Promise<void> {
  if (!target.startsWith("#")) return sayToNick(session, target, saying);
  const live = session.hub.rooms.get(target);
  if (!live || !session.rooms.has(live.key)) return sayFromOutside(session, target, saying);
  if (isSilenced(session, live.room)) {
    complain(session, saying.kind, "404", [target], "You may not speak in that room");
    return;
  }
  const { isAnswer = false } = answering;
  const doing = sayToRoom(session, live, saying, isAnswer ? answering : { label: session.deferLabel() });
  // Otherwise nothing waits for it: what is said next goes to the bus behind it.
  if (isAnswer) return doing;
}

/** In a room without `n`, those speak too who are not in it. */
async function sayFromOutside(session: ChatSession, target: string, saying: Saying): Promise<void> {
  const { hub } = session;
  const room = hub.rooms.get(target)?.room ?? (isRoomName(target) ? await hub.rooms.look(target) : undefined);
  if (!room || room.members.size === 0) complain(session, saying.kind, "403", [target], "No such room");
  else if (room.modes.has("n") || isSilenced(session, room))
    complain(session, saying.kind, "404", [target], "Cannot send to a room that you are not in");
  else {
    const live = await hub.hold(target);
    await sayToRoom(session, live, saying, { isAnswer: true }).finally(() => hub.letGo(live));
  }
}

function isSilenced(session: ChatSession, room: Room): boolean {
  const { modes } = room;
  const isOpen = !modes.has("m");
  if (isOpen && modes.bans.size === 0) return false;
  const member = room.member(session.nick);
  if (member?.isOperator || member?.hasVoice) return false;
  return !isOpen || modes.isBanned(session.source);
}

async function sayToRoom(
  session: ChatSession,
  live: LiveRoom<ChatSession>,
  { kind, text: given, tags }: Saying,
  answering: Answering,
): Promise<void> {
  try {
    const text = withinLine(session, kind, live.room.name, given);
    const happening = { kind, by: session.source, text, ...(tags.length > 0 ? { tags } : {}) };
    await session.hub.happen(live, happening, { session, ...answering });
  } catch (error) {
    session.outlet.note(`error: ${kind}: ${error instanceof Error ? error.message : String(error)}`);
    const why = "It could not be sent; it may have been";
    session.failLabelled(answering.label, kind, "NOT_SENT", [live.room.name], why);
  }
}

async function sayToNick(
  session: ChatSession,
  to: string,
  { kind, text: given, tags }: Saying,
): Promise<void> {
  const text = withinLine(session, kind, to, given);
  const holder = await session.hub.control.direct(session, { kind, to, text, tags });
  if (!holder) complain(session, kind, "401", [to], "Nobody has that nick");
  else if (holder.about?.away !== undefined && kind === "PRIVMSG")
    session.numeric("301", [to], holder.about.away);
}

/** A NOTICE is never answered (RFC 2812 section 3.3.2). */
function complain(
  session: ChatSession,
  kind: Kind,
  code: string,
  params: readonly string[],
  text: string,
): void {
  if (kind === "PRIVMSG") session.numeric(code, params, text);
}

/** As much of a text as others can be told in one line. */
function withinLine({ source }: ChatSession, kind: Kind, target: string, text: string): string {
  if (text.length * 3 < 200) return text;
  return fitted(text, maxLineBytes - byteLength(`:${source} ${kind} ${target} :\r\n`));
}

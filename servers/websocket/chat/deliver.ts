import { nickOf, printIrc } from "../../../wire/irc.ts";
import { isMessage, type RoomEvent, type RoomEventKind } from "./event.ts";
import type { Cause, Hub } from "./hub.ts";
import { Broadcast } from "./line.ts";
import type { LiveRoom } from "./live-room.ts";
import type { ChatSession } from "./session.ts";

/** An event that has come back from the bus. */
export interface Arrived {
  readonly id: string;
  readonly event: RoomEvent;
  /** Who of this process has caused it. */
  readonly cause: Cause | undefined;
}

/** Something has happened in a room: the room changes, and those of this process who are in it are told. */
export function happened(hub: Hub, live: LiveRoom<ChatSession>, { id, event, cause }: Arrived): void {
  const former = live.room.member(nickOf(event.by));
  const isSeen = live.room.take(id, event);
  if (isMembership(event) && event.process === hub.process) hub.rooms.save(live);
  const by = cause?.session;
  if (event.kind === "join" && by) {
    live.local.add(by);
    by.rooms.set(live.key, live);
  }
  if (!isSeen) {
    if (event.kind === "join") by?.tellOwn(broadcastOf(live.room.name, id, event));
    if (by && isMessage(event)) by.numeric("404", [live.room.name], "Cannot send to room");
    return;
  }
  // Counted out by another process, though we live: this process was slow to say so.
  if (event.kind === "quit" && event.target === hub.process && former && hub.byNick(former.nick)) {
    const { realName: text } = former;
    void hub.happen(live, { kind: "join", by: event.by, text, target: live.room.name });
    return;
  }
  const broadcast = broadcastOf(live.room.name, id, event);
  if (isMessage(event)) tellMessage(live, broadcast, event, cause);
  else if (event.kind === "join") tellJoin(live, { id, event, cause });
  else tellChange(live, broadcast, event, by);
  if (event.kind === "PRIVMSG" || event.kind === "NOTICE") {
    const { kind, atMs, text = "" } = event;
    hub.messages.add({ id, room: live.room.name, nick: nickOf(event.by), text, kind, atMs });
  }
  remove(hub, live, event);
}

/** An event as a line. @param how `isExtended`: with the real name of who joins */
export function broadcastOf(
  room: string,
  id: string,
  event: RoomEvent,
  { isExtended = false } = {},
): Broadcast {
  const { kind, by: source, atMs, text = "", target = "" } = event;
  const line = (command: string, params: readonly string[], last?: string): Broadcast =>
    new Broadcast(printIrc({ source, command, params, text: last }), atMs, [
      ["msgid", id],
      ...(event.tags ?? []),
    ]);
  switch (kind) {
    case "join":
      return isExtended ? line("JOIN", [room, "*"], text) : line("JOIN", [room]);
    case "part":
      return line("PART", [room], text === "" ? undefined : text);
    case "quit":
      return line("QUIT", [], text);
    case "kick":
      return line("KICK", [room, target], text);
    case "nick":
      return line("NICK", [target]);
    case "topic":
      return line("TOPIC", [room], text);
    case "mode":
      return line("MODE", [room, ...target.split(" ")]);
    case "invite":
      return line("INVITE", [target, room]);
    case "away":
      return line("AWAY", [], text === "" ? undefined : text);
    case "setname":
      return line("SETNAME", [], text);
    case "TAGMSG":
      return line("TAGMSG", [room]);
    default:
      return line(kind, [room], text);
  }
}

function isMembership(event: RoomEvent): boolean {
  return !isMessage(event);
}

/** Everybody hears a message, who has said it only as an echo: with the label, it says that nothing can lose it. */
function tellMessage(
  live: LiveRoom<ChatSession>,
  broadcast: Broadcast,
  event: RoomEvent,
  cause: Cause | undefined,
): void {
  const session = cause?.session;
  const isTagged = event.kind === "TAGMSG";
  for (const one of live.local) {
    if (one === session || (isTagged && !one.understanding.tags)) continue;
    one.tell(broadcast);
  }
  if (session && !session.isOver) session.tellBack(broadcast, cause);
}

/** What only those are told of who have asked for it. */
const capabilityOf: Partial<Record<RoomEventKind, string>> = {
  invite: "invite-notify",
  away: "away-notify",
  setname: "setname",
};

function tellChange(
  live: LiveRoom<ChatSession>,
  broadcast: Broadcast,
  { kind, rooms }: RoomEvent,
  by: ChatSession | undefined,
): void {
  const capability = capabilityOf[kind];
  for (const one of live.local) {
    // Who shares several rooms with whoever quits hears it once.
    if (rooms && rooms.find((key) => one.rooms.has(key)) !== live.key) continue;
    if (capability !== undefined && !one.capabilities.has(capability)) continue;
    if (one !== by) one.tell(broadcast);
    // A numeric has told them already.
    else if (kind !== "away" && kind !== "invite") one.tellOwn(broadcast);
  }
}

/** Some want to know more of who comes in. */
function tellJoin(live: LiveRoom<ChatSession>, { id, event, cause }: Arrived): void {
  const { name } = live.room;
  const plain = broadcastOf(name, id, event);
  const extended = broadcastOf(name, id, event, { isExtended: true });
  const away = event.away && broadcastOf(name, id, { ...event, kind: "away", text: event.away });
  for (const one of live.local) {
    const isOwn = one === cause?.session;
    const broadcast = one.capabilities.has("extended-join") ? extended : plain;
    if (isOwn) one.tellOwn(broadcast);
    else one.tell(broadcast);
    if (away && !isOwn && one.capabilities.has("away-notify")) one.tell(away);
  }
}

/** Who is no longer in the room hears no more of it. */
function remove(hub: Hub, live: LiveRoom<ChatSession>, event: RoomEvent): void {
  if (event.kind !== "part" && event.kind !== "kick" && event.kind !== "quit") return;
  const nick = event.kind === "kick" ? (event.target ?? "") : nickOf(event.by);
  for (const one of live.local) {
    // A connection that is over has lost its nick to nobody: it keeps it until its QUIT has happened.
    if (one.nick.toLowerCase() !== nick.toLowerCase()) continue;
    live.local.delete(one);
    one.rooms.delete(live.key);
  }
  hub.rooms.closeIdle(live, hub.feed);
}

import { foldName, type IrcMessage, nickOf } from "../../../wire/irc.ts";
import type { ChatEvent, ChatSaid } from "./events.ts";
import type { JoinedRoom } from "./room.ts";

/** A line that says something; nothing for any other. @param nick ours */
export function saidOf({ command, params, source, tags }: IrcMessage, nick: string): ChatSaid | undefined {
  const [room, text] = params;
  if ((command !== "PRIVMSG" && command !== "NOTICE") || room === undefined || text === undefined)
    return undefined;
  const time = Date.parse(tags.get("time") ?? "");
  const speaker = nickOf(source);
  return {
    type: command === "PRIVMSG" ? "message" : "notice",
    room,
    nick: speaker,
    text,
    id: tags.get("msgid") ?? "",
    atMs: Number.isNaN(time) ? Date.now() : time,
    isOwn: foldName(speaker) === foldName(nick),
  };
}

/** An event, and the room that it is in the order of. */
interface Change {
  readonly room: JoinedRoom | undefined;
  readonly event: ChatEvent;
}

/** A line that changes something: the rooms are changed, and what to tell of it is given. */
export function changeOf(
  { command, params, source }: IrcMessage,
  rooms: ReadonlyMap<string, JoinedRoom>,
): Change[] {
  const nick = nickOf(source);
  const [first = "", second = "", third = ""] = params;
  const room = rooms.get(foldName(first));
  switch (command) {
    case "JOIN":
      if (!room) return [];
      room.name = first;
      room.members.add(nick);
      return [{ room, event: { type: "join", room: room.name, nick, text: "" } }];
    case "PART":
      if (!room) return [];
      room.leave(nick);
      return [{ room, event: { type: "part", room: room.name, nick, text: second } }];
    case "KICK":
      if (!room) return [];
      room.leave(second);
      return [{ room, event: { type: "kick", room: room.name, nick: second, by: nick, text: third } }];
    case "TOPIC":
      if (!room) return [];
      room.topic = second;
      return [{ room, event: { type: "topic", room: room.name, nick, text: second } }];
    case "QUIT":
      return [...rooms.values()]
        .filter((one) => one.leave(nick))
        .map((one) => ({ room: undefined, event: { type: "quit", room: one.name, nick, text: first } }));
    case "NICK":
      for (const one of rooms.values()) one.rename(nick, first);
      return [{ room: undefined, event: { type: "nick", nick: first, former: nick } }];
    default:
      return [];
  }
}

/** An answer that says what a room is about, or who is in it. @returns whether it was one */
export function describeRoom(
  { command, params }: IrcMessage,
  rooms: ReadonlyMap<string, JoinedRoom>,
): boolean {
  const [, first = "", second = "", third = ""] = params;
  if (command === "331" || command === "332") {
    const room = rooms.get(foldName(first));
    if (room) room.topic = command === "332" ? second : "";
    return true;
  }
  if (command !== "353") return false;
  const members = rooms.get(foldName(second))?.members;
  // In front of a nick stand the marks of what somebody may do: `@ann`.
  for (const shown of third.split(" "))
    if (shown !== "") members?.add(shown.replace(/^[^\w[\]\\`^{|}]+/, ""));
  return true;
}

import { fitted, foldName, isRoomName } from "../../../../wire/irc.ts";
import type { ChatCommand } from "../command.ts";
import type { Room } from "../room.ts";
import type { ChatSession } from "../session.ts";
import { tellNames, tellTopic } from "../room-replies.ts";

/** JOIN, PART, TOPIC, NAMES, KICK and LIST: coming, going, and what a room is. */
export const roomCommands: readonly ChatCommand[] = [
  {
    name: "JOIN",
    minParams: 1,
    async run(session, { params: [names = "", keys = ""] }) {
      if (names === "0") {
        await part(session, [...session.rooms.keys()], "Left all rooms");
        return;
      }
      // In their order, so that whoever looks on sees them in that order too.
      const keyOf = keys.split(",");
      for (const [index, name] of names.split(",").entries()) await join(session, name, keyOf[index]);
    },
  },
  {
    name: "PART",
    minParams: 1,
    run: (session, { params: [names = "", reason = ""] }) => part(session, names.split(","), reason),
  },
  {
    name: "TOPIC",
    minParams: 1,
    async run(session, { params: [name = "", text] }) {
      const live = session.hub.rooms.get(name);
      if (!live || !session.rooms.has(live.key)) await notThere(session, name);
      else if (text === undefined) tellTopic(session, live.room, true);
      else if (live.room.modes.has("t") && !live.room.isOperator(session.nick))
        session.numeric("482", [live.room.name], "You are not an operator of this room");
      else
        await session.hub.happen(
          live,
          { kind: "topic", by: session.source, text: fitted(text, 300) },
          { session },
        );
    },
  },
  {
    name: "NAMES",
    minParams: 0,
    async run(session, { params: [names = ""] }) {
      for (const name of names.split(",").filter(Boolean)) {
        const room = session.hub.rooms.get(name)?.room ?? (await session.hub.rooms.look(name));
        const isTold = !room.modes.has("s") || room.has(session.nick);
        if (isTold) tellNames(session, room);
        else session.numeric("366", [name], "End of NAMES");
      }
      if (names === "") session.numeric("366", ["*"], "End of NAMES");
    },
  },
  {
    name: "KICK",
    minParams: 2,
    async run(session, { params: [name = "", target = "", reason = session.nick] }) {
      const live = session.rooms.get(session.hub.rooms.get(name)?.key ?? "");
      if (!live) await notThere(session, name);
      else if (!live.room.isOperator(session.nick))
        session.numeric("482", [live.room.name], "You are not an operator of this room");
      else if (!live.room.has(target))
        session.numeric("441", [target, live.room.name], "They are not in that room");
      else {
        const nick = live.room.member(target)?.nick ?? target;
        const text = fitted(reason, 300);
        await session.hub.happen(live, { kind: "kick", by: session.source, target: nick, text }, { session });
      }
    },
  },
  {
    name: "LIST",
    minParams: 0,
    async run(session) {
      session.numeric("321", ["Channel"], "Users  Name");
      for (const { name, members, topic, modes } of await session.hub.rooms.list()) {
        // A room that is secret is told to those in it.
        if (modes.has("s") && !session.rooms.has(foldName(name))) continue;
        session.numeric("322", [name, String(members.size)], topic?.text ?? "");
      }
      session.numeric("323", [], "End of LIST");
    },
  },
];

async function join(session: ChatSession, name: string, key: string | undefined): Promise<void> {
  const { hub } = session;
  if (!isRoomName(name)) {
    session.numeric("403", [name || "*"], "No such room; the names of rooms begin with #");
    return;
  }
  if (session.rooms.size >= hub.options.maxRooms) {
    session.numeric("405", [name], "You are in too many rooms");
    return;
  }
  const live = await hub.hold(name);
  try {
    if (session.isOver || session.rooms.has(live.key)) return;
    await hub.countOutMissing([live]);
    const refused = refusal(session, live.room, key);
    if (refused) {
      const [code, why] = refused;
      session.numeric(code, [live.room.name], `Cannot join: ${why}`);
      return;
    }
    session.invitations.delete(live.key);
    const { source: by, realName: text, away } = session;
    await hub.happen(live, { kind: "join", by, text, target: name, away }, { session });
  } finally {
    hub.letGo(live);
  }
  tellTopic(session, live.room, false);
  tellNames(session, live.room);
}

async function part(session: ChatSession, names: readonly string[], reason: string): Promise<void> {
  const { hub, source: by } = session;
  for (const name of names) {
    const live = session.rooms.get(hub.rooms.get(name)?.key ?? "");
    if (live) await hub.happen(live, { kind: "part", by, text: fitted(reason, 300) }, { session });
    else await notThere(session, name);
  }
}

/** There is no such room, or somebody else is in it. */
async function notThere(session: ChatSession, name: string): Promise<void> {
  const { rooms } = session.hub;
  const room = rooms.get(name)?.room ?? (isRoomName(name) ? await rooms.look(name) : undefined);
  if (room && room.members.size > 0) session.numeric("442", [room.name], "You are not in that room");
  else session.numeric("403", [name || "*"], "No such room");
}

/** Why somebody may not come in, and the numeric that says so; an invitation opens whatever the modes close. */
function refusal(
  { nick, source }: ChatSession,
  room: Room,
  key: string | undefined,
): [string, string] | undefined {
  const { modes, members, invited } = room;
  if (members.size === 0 || invited.has(foldName(nick))) return undefined;
  if (modes.isBanned(source)) return ["474", "You are banned"];
  if (modes.has("i")) return ["473", "Only who is invited comes in"];
  if (modes.key !== undefined && modes.key !== key) return ["475", "That is not its key"];
  if (modes.limit !== undefined && members.size >= modes.limit) return ["471", "It is full"];
  return undefined;
}

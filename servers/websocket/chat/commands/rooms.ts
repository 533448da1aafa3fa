import { fitted, isRoomName } from "../../../../wire/irc.ts";
import type { ChatCommand } from "../command.ts";
import type { ChatSession } from "../session.ts";
import { tellNames, tellTopic } from "../room-replies.ts";

/** JOIN, PART, TOPIC, NAMES, KICK and LIST: coming, going, and what a room is. */
export const roomCommands: readonly ChatCommand[] = [
  {
    name: "JOIN",
    minParams: 1,
    async run(session, { params: [names = ""] }) {
      if (names === "0") {
        await part(session, [...session.rooms.keys()], "Left all rooms");
        return;
      }
      // In their order, so that whoever looks on sees them in that order too.
      for (const name of names.split(",")) await join(session, name);
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
      if (!live || !session.rooms.has(live.key)) session.numeric("442", [name], "You are not in that room");
      else if (text === undefined) tellTopic(session, live.room, true);
      else if (live.room.isTopicLocked && !live.room.isOperator(session.nick))
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
        tellNames(session, room);
      }
      if (names === "") session.numeric("366", ["*"], "End of NAMES");
    },
  },
  {
    name: "KICK",
    minParams: 2,
    async run(session, { params: [name = "", target = "", reason = session.nick] }) {
      const live = session.rooms.get(session.hub.rooms.get(name)?.key ?? "");
      if (!live) session.numeric("442", [name], "You are not in that room");
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
      for (const { name, members, topic } of await session.hub.rooms.list())
        session.numeric("322", [name, String(members.size)], topic?.text ?? "");
      session.numeric("323", [], "End of LIST");
    },
  },
];

async function join(session: ChatSession, name: string): Promise<void> {
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
    const { source: by, realName: text } = session;
    await hub.happen(live, { kind: "join", by, text, target: name }, { session });
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
    else session.numeric("442", [name || "*"], "You are not in that room");
  }
}

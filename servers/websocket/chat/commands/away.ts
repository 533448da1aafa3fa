import { fitted, foldName } from "../../../../wire/irc.ts";
import type { ChatCommand } from "../command.ts";
import type { Happening } from "../hub.ts";
import type { ChatSession } from "../session.ts";

/** What people say of themselves: that they are away, and their real name. */
export const ownWords: readonly ChatCommand[] = [
  {
    name: "AWAY",
    minParams: 0,
    async run(session, { params: [given = ""] }) {
      const reason = fitted(given, 200);
      session.away = reason === "" ? undefined : reason;
      if (reason === "") session.numeric("305", [], "You are no longer marked as being away");
      else session.numeric("306", [], "You have been marked as being away");
      await session.hub.describe(session);
      await tellRooms(session, { kind: "away", by: session.source, text: reason });
    },
  },
  {
    name: "SETNAME",
    minParams: 1,
    async run(session, { params: [given = ""] }) {
      const realName = fitted(given, 100);
      if (realName === "") {
        session.fail("SETNAME", "INVALID_REALNAME", [], "A real name has letters");
        return;
      }
      session.realName = realName;
      await session.hub.describe(session);
      const isTold = session.rooms.size > 0 || !session.capabilities.has("setname");
      if (!isTold) session.sendLines([`:${session.source} SETNAME :${realName}`]);
      await tellRooms(session, { kind: "setname", by: session.source, text: realName });
    },
  },
];

/** Let it happen in every room that somebody is in; who shares several of them hears it once. */
async function tellRooms(session: ChatSession, happening: Happening): Promise<void> {
  const lives = [...session.rooms.values()];
  const rooms = lives.map(({ room }) => foldName(room.name));
  await Promise.all(lives.map((live) => session.hub.happen(live, { ...happening, rooms }, { session })));
}

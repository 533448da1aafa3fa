import { foldName } from "../../../../wire/irc.ts";
import type { ChatCommand } from "../command.ts";

/** INVITE: let somebody into a room, whatever its modes say; without parameters, where one was invited to. */
export const invite: ChatCommand = {
  name: "INVITE",
  minParams: 0,
  async run(session, { params: [nick, name = ""] }) {
    const { hub } = session;
    if (nick === undefined) {
      for (const room of session.invitations.values()) session.numeric("336", [room]);
      session.numeric("337", [], "End of the list of invitations");
      return;
    }
    if (name === "") {
      session.numeric("461", ["INVITE"], "Not enough parameters");
      return;
    }
    const live = session.rooms.get(foldName(name));
    if (!live) session.numeric("442", [name], "You are not in that room");
    else if (live.room.has(nick)) session.numeric("443", [nick, live.room.name], "is in that room already");
    else if (live.room.modes.has("i") && !live.room.isOperator(session.nick))
      session.numeric("482", [live.room.name], "You are not an operator of this room");
    else if (!(await hub.leases.holder(foldName(nick))))
      session.numeric("401", [nick], "Nobody has that nick");
    else {
      const { name: room } = live.room;
      // Who is invited is told when the room knows it, so that a JOIN at once is let in.
      await hub.happen(live, { kind: "invite", by: session.source, target: nick }, { session });
      session.numeric("341", [nick, room]);
      await hub.control.invite(session.source, nick, room);
    }
  },
};

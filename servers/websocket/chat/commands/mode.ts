import { foldName } from "../../../../wire/irc.ts";
import type { ChatCommand } from "../command.ts";

/** The least of MODE: what clients ask when they come in, and giving and taking `o` and `t`, one at a time. */
export const mode: ChatCommand = {
  name: "MODE",
  minParams: 1,
  async run(session, { params: [target = "", change, nick = ""] }) {
    const { hub } = session;
    if (!target.startsWith("#")) {
      if (foldName(target) !== foldName(session.nick))
        session.numeric("502", [], "You can only change your own modes");
      else if (change === undefined) session.numeric("221", ["+"]);
      return;
    }
    const live = hub.rooms.get(target);
    if (!live) {
      session.numeric("403", [target], "No such room");
      return;
    }
    const { room } = live;
    if (change === undefined) {
      session.numeric("324", [room.name, room.isTopicLocked ? "+nt" : "+n"]);
      session.numeric("329", [room.name, String(Math.floor(room.createdMs / 1_000))]);
    } else if (/^[+]?b$/.test(change) && nick === "")
      session.numeric("368", [room.name], "End of the list of bans");
    else if (!/^[+-][ot]$/.test(change))
      session.numeric("472", [change], "is a mode that this server does not have");
    else if (!room.isOperator(session.nick))
      session.numeric("482", [room.name], "You are not an operator of this room");
    else if (change.endsWith("o") && !room.has(nick))
      session.numeric("441", [nick || "*", room.name], "They are not in that room");
    else {
      const member = room.member(nick)?.nick;
      const wanted = change.endsWith("o") ? `${change} ${member}` : change;
      await hub.happen(live, { kind: "mode", by: session.source, target: wanted }, { session });
    }
  },
};

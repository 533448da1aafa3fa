import { foldName } from "../../../../wire/irc.ts";
import type { ChatCommand } from "../command.ts";
import { lookFor, type Person } from "../people.ts";
import { prefixOf } from "../room-replies.ts";
import type { ChatSession } from "../session.ts";

/** What clients ask about somebody. */
export const queries: readonly ChatCommand[] = [
  {
    name: "WHOIS",
    minParams: 1,
    async run(session, { params }) {
      const asked = params.at(-1) ?? "";
      const person = await lookFor(session, asked);
      if (person) tellPerson(session, person);
      else session.numeric("401", [asked], "Nobody has that nick");
      session.numeric("318", [asked], "End of WHOIS");
    },
  },
  {
    name: "WHOWAS",
    minParams: 1,
    run(session, { params: [asked = "", count = "0"] }) {
      const { former, options } = session.hub;
      const most = Number(count);
      const found = former.of(asked).slice(0, most > 0 ? most : undefined);
      if (found.length === 0) session.numeric("406", [asked], "Nobody had that nick here");
      for (const { nick, user, host, realName } of found) {
        session.numeric("314", [nick, user, host, "*"], realName);
        session.numeric("312", [nick, options.serverName], options.name);
      }
      session.numeric("369", [asked], "End of WHOWAS");
    },
  },
  {
    name: "ISON",
    minParams: 1,
    async run(session, { params }) {
      const nicks = params
        .flatMap((param) => param.split(" "))
        .filter(Boolean)
        .slice(0, 20);
      const holders = await Promise.all(nicks.map((nick) => session.hub.leases.holder(foldName(nick))));
      session.numeric("303", [], nicks.filter((_, index) => holders[index]).join(" "));
    },
  },
  {
    name: "USERHOST",
    minParams: 1,
    async run(session, { params }) {
      const people = await Promise.all(params.slice(0, 5).map((nick) => lookFor(session, nick)));
      const found = people.filter((person) => person !== undefined);
      const told = found.map(
        ({ nick, away, user, host }) => `${nick}=${away === undefined ? "+" : "-"}${user}@${host}`,
      );
      session.numeric("302", [], told.join(" "));
    },
  },
];

function tellPerson(session: ChatSession, { nick, user, host, realName, away, idleMs }: Person): void {
  const { hub } = session;
  const local = hub.byNick(nick);
  session.numeric("311", [nick, user, host, "*"], realName);
  const rooms = hub.rooms.opened.flatMap(({ room }) => {
    const member = room.member(nick);
    const isTold =
      !(room.modes.has("s") || local?.isInvisible) || room.has(session.nick) || local === session;
    return member && isTold ? `${prefixOf(session, member)}${room.name}` : [];
  });
  // As many as one line holds.
  if (rooms.length > 0) session.numeric("319", [nick], rooms.slice(0, 6).join(" "));
  session.numeric("312", [nick, hub.options.serverName], hub.options.name);
  if (away !== undefined) session.numeric("301", [nick], away);
  if (!local) return;
  const idle = [String(Math.floor(idleMs / 1_000)), String(Math.floor(local.beganMs / 1_000))];
  session.numeric("317", [nick, ...idle], "seconds idle, and since when");
}

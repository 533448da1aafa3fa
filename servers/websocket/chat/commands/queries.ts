import { foldName, printIrc } from "../../../../wire/irc.ts";
import type { ChatCommand } from "../command.ts";
import type { Member } from "../room.ts";
import type { ChatSession } from "../session.ts";

/** What clients ask about people. */
export const queries: readonly ChatCommand[] = [
  {
    name: "WHO",
    minParams: 0,
    async run(session, { params: [mask = "*"] }) {
      const { hub } = session;
      if (mask.startsWith("#")) {
        const room = hub.rooms.get(mask)?.room ?? (await hub.rooms.look(mask));
        for (const member of room.members.values()) tellWho(session, room.name, member);
      } else {
        const member = find(session, mask);
        if (member) tellWho(session, "*", member);
      }
      session.numeric("315", [mask], "End of WHO");
    },
  },
  {
    name: "WHOIS",
    minParams: 1,
    async run(session, { params }) {
      const asked = params.at(-1) ?? "";
      const member = find(session, asked);
      if (member) {
        const { nick, user, host, realName } = member;
        session.numeric("311", [nick, user, host, "*"], realName);
        session.numeric("312", [nick, session.hub.options.serverName], session.hub.options.name);
      } else if (await session.hub.leases.holder(foldName(asked))) {
        session.numeric("312", [asked, session.hub.options.serverName], session.hub.options.name);
      } else session.numeric("401", [asked], "Nobody has that nick");
      session.numeric("318", [asked], "End of WHOIS");
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
    run(session, { params }) {
      const found = params.slice(0, 5).flatMap((nick) => find(session, nick) ?? []);
      session.numeric("302", [], found.map(({ nick, user, host }) => `${nick}=+${user}@${host}`).join(" "));
    },
  },
];

/** Somebody of this process, or in a room that it follows. */
function find({ hub }: ChatSession, nick: string): Member | undefined {
  const session = hub.byNick(nick);
  if (session) {
    const { user, host, realName } = session;
    return { nick: session.nick, user, host, realName, process: hub.process, isOperator: false };
  }
  for (const { room } of hub.rooms.opened) {
    const member = room.member(nick);
    if (member) return member;
  }
  return undefined;
}

function tellWho(
  session: ChatSession,
  room: string,
  { nick, user, host, realName, isOperator }: Member,
): void {
  const { serverName } = session.hub.options;
  const flags = isOperator ? "H@" : "H";
  const params = [session.nick, room, user, host, serverName, nick, flags];
  session.sendLines([printIrc({ source: serverName, command: "352", params, text: `0 ${realName}` })]);
}

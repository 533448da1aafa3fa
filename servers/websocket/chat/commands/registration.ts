import { foldName, isNick } from "../../../../wire/irc.ts";
import type { ChatCommand } from "../command.ts";
import type { ChatSession } from "../session.ts";
import { welcome } from "../welcome.ts";

/** What a client says to be somebody, and to stay it. */
export const registration: readonly ChatCommand[] = [
  {
    name: "PASS",
    minParams: 1,
    isEarly: true,
    run(session, { params: [password = ""] }) {
      if (session.isRegistered) session.numeric("462", [], "You may not reregister");
      else session.password = password;
    },
  },
  {
    name: "NICK",
    minParams: 0,
    isEarly: true,
    async run(session, { params: [nick = ""] }) {
      if (nick === "") session.numeric("431", [], "No nickname given");
      else if (!isNick(nick)) session.numeric("432", [nick], "Erroneous nickname");
      else if (nick !== session.nick) await takeNick(session, nick);
    },
  },
  {
    name: "USER",
    minParams: 4,
    isEarly: true,
    run(session, { params: [user = "", , , realName = ""] }) {
      if (session.isRegistered) {
        session.numeric("462", [], "You may not reregister");
        return;
      }
      if (realName === "") {
        session.numeric("461", ["USER"], "Not enough parameters: the real name is empty");
        return;
      }
      // What others must not be able to write into a source.
      session.user = user.replace(/[^\w.-]/g, "").slice(0, 16) || "user";
      session.realName = realName.slice(0, 100);
      return register(session);
    },
  },
  {
    name: "PING",
    minParams: 1,
    isEarly: true,
    run(session, { params: [token = ""] }) {
      session.send("PONG", [session.hub.options.serverName], token);
    },
  },
  { name: "PONG", minParams: 0, isEarly: true, run() {} },
  {
    name: "QUIT",
    minParams: 0,
    isEarly: true,
    run(session, { params: [reason = "Client quit"] }) {
      session.end(`Quit: ${reason}`);
    },
  },
];

/** When NICK and USER are there, and no capabilities are being agreed upon, the client is welcome. */
export async function register(session: ChatSession): Promise<void> {
  const { isRegistered, isNegotiating, nick, user, hub } = session;
  if (isRegistered || isNegotiating || nick === "" || user === "") return;
  const { password } = hub.options;
  if (password !== undefined && session.password !== password) {
    session.numeric("464", [], "Password incorrect");
    session.end("Bad password");
    return;
  }
  session.isRegistered = true;
  hub.census.registered();
  // Nobody waits for it; whoever asks for him before that is told less.
  hub.describe(session).catch((error: unknown) => session.outlet.note(`error: NICK: ${String(error)}`));
  welcome(session);
}

async function takeNick(session: ChatSession, nick: string): Promise<void> {
  const { hub, source: by, isRegistered } = session;
  const { nick: former, user, host, realName } = session;
  if (!(await hub.claim(session, nick))) {
    session.numeric("433", [nick], "Nickname is already in use");
    return;
  }
  if (!isRegistered) {
    await register(session);
    return;
  }
  if (foldName(former) !== foldName(nick)) hub.former.add({ nick: former, user, host, realName });
  const lives = [...session.rooms.values()];
  const rooms = lives.map(({ key }) => key);
  if (lives.length === 0) session.sendLines([`:${by} NICK ${nick}`]);
  await Promise.all(
    lives.map((live) => hub.happen(live, { kind: "nick", by, target: nick, rooms }, { session })),
  );
}

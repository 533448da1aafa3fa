import type { ChatSession } from "./session.ts";

/** What every client waits for: 001 to 005, who is here, and the message of the day. */
export function welcome(session: ChatSession): void {
  const { hub, nick } = session;
  const { serverName, name, maxHistoryLines, maxRooms } = hub.options;
  session.numeric("001", [], `Welcome to ${name}, ${nick}`);
  session.numeric("002", [], `Your host is ${serverName}, running Portside`);
  session.numeric("003", [], "This server was started for you");
  session.numeric("004", [serverName, "portside", "i", "not"]);
  const features = [
    "CASEMAPPING=ascii",
    `CHANLIMIT=#:${maxRooms}`,
    "CHANMODES=,,,nt",
    "CHANNELLEN=64",
    "CHANTYPES=#",
    `CHATHISTORY=${maxHistoryLines}`,
    "LINELEN=512",
    "MODES=1",
    "MSGREFTYPES=msgid,timestamp",
    `NETWORK=${name}`,
    "NICKLEN=30",
    "PREFIX=(o)@",
    "TARGMAX=PRIVMSG:4,NOTICE:4,TAGMSG:4,JOIN:,PART:,KICK:1",
  ];
  session.numeric("005", features, "are supported by this server");
  users(session);
  motd(session);
  if (session.capabilities.has("portside/resume")) session.send("RESUME", ["TOKEN", session.token]);
}

/** How many are here, as far as this process knows. */
export function users(session: ChatSession): void {
  const count = session.hub.sessions.length;
  session.numeric("251", [], `There are ${count} users on this server`);
  session.numeric("254", [String(session.hub.rooms.opened.length)], "rooms are open here");
  session.numeric("255", [], `I have ${count} clients`);
}

/** The message of the day, or that there is none. */
export function motd(session: ChatSession): void {
  const { motd: text, serverName } = session.hub.options;
  if (text === "") {
    session.numeric("422", [], "There is no message of the day");
    return;
  }
  session.numeric("375", [], `- ${serverName} message of the day -`);
  for (const line of text.split("\n")) session.numeric("372", [], `- ${line}`);
  session.numeric("376", [], "End of the message of the day");
}

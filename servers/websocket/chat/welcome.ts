import type { ChatSession } from "./session.ts";

/** What every client waits for: 001 to 005, who is here, and the message of the day. */
export function welcome(session: ChatSession): void {
  const { hub, nick } = session;
  const { serverName, name } = hub.options;
  session.numeric("001", [], `Welcome to ${name}, ${nick}`);
  session.numeric("002", [], `Your host is ${serverName}, running Portside`);
  session.numeric("003", [], "This server was started for you");
  session.numeric("004", [serverName, "portside", "i", "biklmnostv", "bklov"]);
  features(session);
  users(session);
  motd(session);
  if (session.capabilities.has("portside/resume")) session.send("RESUME", ["TOKEN", session.token]);
}

/** A line has 15 parameters at most (RFC 2812 section 2.3): the nick, the words behind it, and these. */
const featuresOfLine = 13;

/** What this server can do, and how much of it. */
export function features(session: ChatSession): void {
  const { name, maxHistoryLines, maxRooms } = session.hub.options;
  const all = [
    "AWAYLEN=200",
    "CASEMAPPING=ascii",
    `CHANLIMIT=#:${maxRooms}`,
    "CHANMODES=b,k,l,imnst",
    "CHANNELLEN=64",
    "CHANTYPES=#",
    `CHATHISTORY=${maxHistoryLines}`,
    "KEYLEN=23",
    "KICKLEN=300",
    "LINELEN=512",
    "MAXLIST=b:50",
    "MODES=6",
    "MSGREFTYPES=msgid,timestamp",
    `NETWORK=${name}`,
    "NICKLEN=30",
    "PREFIX=(ov)@+",
    "TARGMAX=PRIVMSG:4,NOTICE:4,TAGMSG:4,JOIN:,PART:,NAMES:1,LIST:,KICK:1,WHOIS:1",
    "TOPICLEN=300",
    "USERLEN=16",
    "UTF8ONLY",
    "WHOX",
  ];
  for (let from = 0; from < all.length; from += featuresOfLine)
    session.numeric("005", all.slice(from, from + featuresOfLine), "are supported by this server");
}

/** How many are here, as far as this process knows. */
export function users(session: ChatSession): void {
  const { census, rooms } = session.hub;
  const { users: count, invisible } = census;
  const [now, most] = [String(count), String(census.mostUsers)];
  session.numeric("251", [], `There are ${count - invisible} users and ${invisible} invisible on 1 servers`);
  session.numeric("253", [String(census.connections - count)], "unknown connections");
  session.numeric("254", [String(rooms.opened.length)], "rooms are open here");
  session.numeric("255", [], `I have ${now} clients and 0 servers`);
  session.numeric("265", [now, most], `Users here are ${now}, at most ${most}`);
  session.numeric("266", [now, most], `Users are ${now}, at most ${most}`);
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

import { byteLength, maxLineBytes } from "../../../wire/irc.ts";
import type { Member, Room } from "./room.ts";
import type { ChatSession } from "./session.ts";

/** What a room is about, and who says so. @param isAsked whether nothing is an answer too */
export function tellTopic(session: ChatSession, { name, topic }: Room, isAsked: boolean): void {
  if (topic) {
    session.numeric("332", [name], topic.text);
    session.numeric("333", [name, topic.by, String(Math.floor(topic.atMs / 1_000))]);
  } else if (isAsked) session.numeric("331", [name], "No topic is set");
}

/** What somebody is in a room, as it is written before a nick: the highest, or all of it (`multi-prefix`). */
export function prefixOf({ capabilities }: ChatSession, { isOperator, hasVoice }: Member): string {
  const all = `${isOperator ? "@" : ""}${hasVoice ? "+" : ""}`;
  return capabilities.has("multi-prefix") ? all : all.slice(0, 1);
}

/** Who is in a room, on as many lines as it takes. */
export function tellNames(session: ChatSession, { name, members, modes }: Room): void {
  const { serverName } = session.hub.options;
  const hasHosts = session.capabilities.has("userhost-in-names");
  const kind = modes.has("s") ? "@" : "=";
  const mostBytes = maxLineBytes - byteLength(`:${serverName} 353 ${session.name} = ${name} :\r\n`);
  let line = "";
  for (const member of members.values()) {
    const { nick, user, host } = member;
    const shown = prefixOf(session, member) + (hasHosts ? `${nick}!${user}@${host}` : nick);
    if (line.length + shown.length + 1 > mostBytes) {
      session.numeric("353", [kind, name], line);
      line = "";
    }
    line += line === "" ? shown : ` ${shown}`;
  }
  if (line !== "") session.numeric("353", [kind, name], line);
  session.numeric("366", [name], "End of NAMES");
}

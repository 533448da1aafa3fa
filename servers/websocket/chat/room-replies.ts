import { byteLength, maxLineBytes } from "../../../wire/irc.ts";
import type { Room } from "./room.ts";
import type { ChatSession } from "./session.ts";

/** What a room is about, and who says so. @param isAsked whether nothing is an answer too */
export function tellTopic(session: ChatSession, { name, topic }: Room, isAsked: boolean): void {
  if (topic) {
    session.numeric("332", [name], topic.text);
    session.numeric("333", [name, topic.by, String(Math.floor(topic.atMs / 1_000))]);
  } else if (isAsked) session.numeric("331", [name], "No topic is set");
}

/** Who is in a room, on as many lines as it takes. */
export function tellNames(session: ChatSession, { name, members }: Room): void {
  const { serverName } = session.hub.options;
  const mostBytes = maxLineBytes - byteLength(`:${serverName} 353 ${session.name} = ${name} :\r\n`);
  let line = "";
  for (const { nick, isOperator } of members.values()) {
    const shown = isOperator ? `@${nick}` : nick;
    if (line.length + shown.length + 1 > mostBytes) {
      session.numeric("353", ["=", name], line);
      line = "";
    }
    line += line === "" ? shown : ` ${shown}`;
  }
  if (line !== "") session.numeric("353", ["=", name], line);
  session.numeric("366", [name], "End of NAMES");
}

import { byteLength, fitted, type IrcMessage, maxLineBytes } from "../../../../wire/irc.ts";
import type { ChatCommand } from "../command.ts";
import type { LiveRoom } from "../live-room.ts";
import type { ChatSession } from "../session.ts";

const kinds = ["PRIVMSG", "NOTICE", "TAGMSG"] as const;
type Kind = (typeof kinds)[number];

/** What people say to a room or to one another, and tags without words. */
export const messages: readonly ChatCommand[] = kinds.map((kind) => ({
  name: kind,
  minParams: 0,
  run(session, message) {
    const [targets = "", text = ""] = message.params;
    if (targets === "") complain(session, kind, "411", [], `No recipient given (${kind})`);
    else if (text === "" && kind !== "TAGMSG") complain(session, kind, "412", [], "No text to send");
    else {
      const doing: Promise<void>[] = [];
      for (const target of targets.split(",").slice(0, 4)) {
        const done = sayTo(session, kind, target, text, message);
        if (done) doing.push(done);
      }
      if (doing.length > 0) return Promise.all(doing).then(() => {});
    }
  },
}));

function sayTo(
  session: ChatSession,
  kind: Kind,
  target: string,
  text: string,
  { tags }: IrcMessage,
): void | Promise<void> {
  // Tags that begin with + are for other clients; all others are for the server.
  const own = [...tags].filter(([name]) => name.startsWith("+"));
  if (!target.startsWith("#")) return sayToNick(session, kind, target, text, own);
  const live = session.hub.rooms.get(target);
  if (!live || !session.rooms.has(live.key)) {
    if (live) complain(session, kind, "404", [target], "Cannot send to a room that you are not in");
    else complain(session, kind, "403", [target], "No such room");
    return;
  }
  const label = session.deferLabel();
  // Nothing waits for it: what is said next goes to the bus behind it.
  void sayToRoom(session, live, kind, withinLine(session, kind, live.room.name, text), own, label);
}

async function sayToRoom(
  session: ChatSession,
  live: LiveRoom<ChatSession>,
  kind: Kind,
  text: string,
  tags: readonly (readonly [string, string])[],
  label: string | undefined,
): Promise<void> {
  try {
    const happening = { kind, by: session.source, text, ...(tags.length > 0 ? { tags } : {}) };
    await session.hub.happen(live, happening, { session, label });
  } catch (error) {
    session.outlet.note(`error: ${kind}: ${error instanceof Error ? error.message : String(error)}`);
    session.failLabelled(label, kind, "NOT_SENT", [live.room.name], "It could not be sent; it may have been");
  }
}

async function sayToNick(
  session: ChatSession,
  kind: Kind,
  to: string,
  given: string,
  tags: readonly (readonly [string, string])[],
): Promise<void> {
  const text = withinLine(session, kind, to, given);
  const label = session.deferLabel();
  const isHere = await session.hub.control.direct(session, { kind, to, text, tags }, label);
  if (!isHere) complain(session, kind, "401", [to], "Nobody has that nick");
}

/** A NOTICE is never answered (RFC 2812 section 3.3.2). */
function complain(
  session: ChatSession,
  kind: Kind,
  code: string,
  params: readonly string[],
  text: string,
): void {
  if (kind === "PRIVMSG") session.numeric(code, params, text);
}

/** As much of a text as others can be told in one line. */
function withinLine({ source }: ChatSession, kind: Kind, target: string, text: string): string {
  if (text.length * 3 < 200) return text;
  return fitted(text, maxLineBytes - byteLength(`:${source} ${kind} ${target} :\r\n`));
}

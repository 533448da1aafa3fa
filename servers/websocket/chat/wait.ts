import { foldName } from "../../../wire/irc.ts";
import type { JournalWait } from "../../../wire/journal.ts";
import type { Hub } from "./hub.ts";
import type { ChatMessage, ChatMessageFilter } from "./message.ts";

/** The first message that fits, said already or yet to come; of a room, also when nobody of this process is in it. */
export async function waitForMessage(
  hub: Hub,
  filter: ChatMessageFilter = {},
  options?: JournalWait,
): Promise<ChatMessage> {
  const held = filter.room?.startsWith("#") ? await hub.hold(filter.room) : undefined;
  try {
    return await hub.messages.wait(inWords(filter), (message) => misfit(message, filter), options);
  } finally {
    if (held) hub.letGo(held);
  }
}

function misfit({ room, nick, text }: ChatMessage, filter: ChatMessageFilter): string | undefined {
  const isOther = (wanted: string | undefined, found: string): boolean =>
    wanted !== undefined && foldName(wanted) !== foldName(found);
  const isSaid =
    filter.text === undefined ||
    (typeof filter.text === "string" ? text === filter.text : text.search(filter.text) !== -1);
  if (isSaid && !isOther(filter.room, room) && !isOther(filter.nick, nick)) return undefined;
  return `<${nick}> in ${room}: ${text}`;
}

function inWords({ room, nick, text }: ChatMessageFilter): string {
  const words = [
    "a message",
    ...(text === undefined ? [] : [typeof text === "string" ? `"${text}"` : String(text)]),
    ...(room === undefined ? [] : [`to ${room}`]),
    ...(nick === undefined ? [] : [`by ${nick}`]),
  ];
  return words.join(" ");
}

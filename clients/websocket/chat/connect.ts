import { ChatClient } from "./client.ts";
import { chatClientDefaults, type ChatClientOptions } from "./options.ts";

/**
 * Join a chat: ours, or any other IRC server. Resolves when one is welcome and in all rooms.
 *
 * Where the server gives ids and history (ours does), a lost connection loses nothing and doubles nothing: what was
 * missed comes in its order, and what was said and not confirmed is said again, unless it is there.
 * @throws WireError CONNECT_FAILED, TIMED_OUT, TLS_FAILED; REPLY_UNEXPECTED when the nick is taken or the password
 * wrong; TypeError for another URL
 * @example
 * await using ann = await connectChat({ url: chat.url, nick: "ann", rooms: ["#tea"] });
 * await ann.say("#tea", "hello");
 * for await (const event of ann) if (event.type === "message") console.log(event.nick, event.text);
 */
export async function connectChat(given: ChatClientOptions): Promise<ChatClient> {
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { url, nick } = given;
  const urls = typeof url === "string" ? [url] : url;
  if (urls[0] === undefined)
    throw new TypeError("connectChat: url is an empty list; give one address or more");
  const client = new ChatClient({ ...chatClientDefaults, ...options, nick, url: urls[0] }, urls);
  try {
    await client.open();
  } catch (error) {
    await client.close();
    throw error;
  }
  return client;
}

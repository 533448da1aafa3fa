import type { OptionsOf } from "../command-line.ts";
import { CommandError, listenAddress, port, text, value, values } from "../command-line/flags.ts";
import { ruleFlags } from "../command-line/rules.ts";
import { serveFlags } from "../serve.ts";

/** The flags of `portside chat`: those of the server, and those of the client. */
export const chatFlags = {
  listen: value(
    { argument: "[ip]:port", help: "where IRC listens; default 127.0.0.1:6667", letter: "l" },
    listenAddress,
  ),
  page: value(
    {
      argument: "[ip]:port",
      help: "the port of the page and of WebSockets, on the same address; default 8066",
    },
    listenAddress,
  ),
  tlsPort: value(
    {
      argument: "port",
      help: "the port with TLS from the first byte; default 6697, or a free one when another port is chosen",
    },
    port,
  ),
  tlsCert: value(
    {
      argument: "FILE",
      help: "certificate in PEM, for IRC with TLS and for the page, which is https: with it; default one that is made at the start, and a page without TLS",
    },
    text,
  ),
  tlsKey: value({ argument: "FILE", help: "the key of the certificate in PEM" }, text),
  bus: value(
    { argument: "redis://…", help: "what several processes of one chat share; default in this process" },
    text,
  ),
  name: value(
    { argument: "WORD", help: "what the chat is called, on the bus and to clients; default chat" },
    text,
  ),
  serverName: value({ argument: "WORD", help: "what the server calls itself; default chat.test" }, text),
  password: value({ argument: "TEXT", help: "what PASS must say; of a client, what it says" }, text),
  motd: value({ argument: "TEXT", help: "message of the day" }, text),
  join: values({ argument: "#ROOM", help: "be a client instead, in this room" }, room),
  nick: value({ argument: "NICK", help: "with --join: who you are; default your user name" }, text),
  server: value(
    { argument: "URL", help: "with --join: irc://, ircs:// or ws://; default irc://127.0.0.1:6667" },
    text,
  ),
  ca: value({ argument: "FILE", help: "with --join: whom to trust, in PEM" }, text),
  ...ruleFlags,
  ...serveFlags,
} as const;

/** What was asked of the chat. */
export type ChatFlags = OptionsOf<typeof chatFlags>;

function room(given: string, name: string): string {
  const written = given.startsWith("#") ? given : `#${given}`;
  if (/[\s,:]/.test(written))
    throw new CommandError(`${name} is "${given}"; give the name of one room, such as #tea`);
  return written;
}

import { userInfo } from "node:os";
import { createInterface, type Interface } from "node:readline";
import { styleText } from "node:util";
import { type ChatClient, type ChatEvent, connectChat } from "../../clients/websocket/index.ts";
import { readNamedFile } from "../command-line/files.ts";
import { CommandError } from "../command-line/flags.ts";
import { given } from "../command-line/given.ts";
import type { ChatFlags } from "./flags.ts";

/** Talk in a chat from the terminal, or with lines from a pipe, until the input ends. @returns the exit code */
export async function openTerminal(flags: ChatFlags): Promise<number> {
  const { join: rooms, nick = nickOfUser(), server = "irc://127.0.0.1:6667" } = flags;
  const ca = flags.ca === undefined ? undefined : (await readNamedFile(flags.ca, "--ca")).toString();
  const client = await connectChat({
    url: server,
    nick,
    rooms,
    history: 20,
    ...given({ password: flags.password, ca }),
  });
  const input = createInterface({ input: process.stdin, terminal: false });
  const printing = print(client, flags.json);
  if (!flags.quiet && !flags.json) {
    const names = rooms.map((room) => `${room} (${namesOf(client, room)})`);
    process.stderr.write(`${client.nick} in ${names.join(", ")} at ${server}; /help lists the commands\n`);
  }
  process.once("SIGINT", () => input.close());
  await speak(client, rooms[0]!, input);
  await client.close();
  await printing;
  process.stdin.destroy();
  return 0;
}

function namesOf(client: ChatClient, room: string): string {
  return [...(client.rooms.get(room.toLowerCase())?.members ?? [])].toSorted().join(" ");
}

/** A user name, as far as it can be a nick. */
function nickOfUser(): string {
  const name = userInfo().username.replace(/[^\w-]/g, "");
  return /^[a-z_]/i.test(name) ? name : `u${name}`;
}

const help = `  /join #room       go there, and speak there from now on
  /part             leave the room
  /msg nick text    say something to one person
  /topic text       what the room is about
  /names            who is here
  /raw line         a line of IRC
  /quit             leave`;

async function speak(client: ChatClient, first: string, input: Interface): Promise<void> {
  let room = first;
  for await (const line of input) {
    const [, verb, rest = ""] = /^\/(\w+)\s*(.*)$/s.exec(line) ?? [];
    try {
      if (verb === "quit") return;
      room = (await obey(client, room, { verb, rest, line })) ?? room;
    } catch (error) {
      process.stderr.write(
        `${error instanceof Error ? error.message.replace(/^[A-Z_]+ /, "") : String(error)}\n`,
      );
    }
  }
}

interface Typed {
  readonly verb: string | undefined;
  readonly rest: string;
  readonly line: string;
}

/** @returns another room to speak in */
async function obey(
  client: ChatClient,
  room: string,
  { verb, rest, line }: Typed,
): Promise<string | undefined> {
  switch (verb) {
    case undefined:
      if (line !== "") await client.say(room, line);
      return undefined;
    case "join":
      return (await client.join(rest)).name;
    case "part":
      client.part(room);
      return undefined;
    case "msg": {
      const [, nick = "", text = ""] = /^(\S+)\s+(.*)$/s.exec(rest) ?? [];
      await client.say(nick, text);
      return undefined;
    }
    case "topic":
      client.setTopic(room, rest);
      return undefined;
    case "names":
      process.stdout.write(`${namesOf(client, room)}\n`);
      return undefined;
    case "raw":
      client.sendLine(rest);
      return undefined;
    case "help":
      process.stdout.write(`${help}\n`);
      return undefined;
    default:
      throw new CommandError(
        `/${verb} is no command; /help lists them, and a second slash says the line as it is`,
      );
  }
}

async function print(client: ChatClient, isJson: boolean): Promise<void> {
  for await (const event of client)
    process.stdout.write(`${isJson ? JSON.stringify(event) : shown(event)}\n`);
}

/** Control characters of others do nothing to this terminal. */
function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what is meant
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, "\ufffd");
}

function shown(event: ChatEvent): string {
  const quiet = (text: string): string => styleText("dim", plain(text), { stream: process.stdout });
  switch (event.type) {
    case "message":
    case "notice": {
      const time = new Date(event.atMs).toTimeString().slice(0, 5);
      const name = styleText(event.isOwn ? "green" : "cyan", plain(event.nick), { stream: process.stdout });
      return `${quiet(time)} ${quiet(event.room)} <${name}> ${plain(event.text)}`;
    }
    case "nick":
      return quiet(`* ${event.former} is ${event.nick} now`);
    case "topic":
      return quiet(`* ${event.room} is about: ${event.text}`);
    case "kick":
      return quiet(`* ${event.by} has put ${event.nick} out of ${event.room}: ${event.text}`);
    case "lost":
      return quiet("* the connection is lost; connecting again");
    case "back":
      return quiet("* connected again");
    default:
      return quiet(`* ${event.nick} ${event.type === "join" ? "comes into" : "leaves"} ${event.room}`);
  }
}

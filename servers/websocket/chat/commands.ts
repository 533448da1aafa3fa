import type { IrcMessage } from "../../../wire/irc.ts";
import type { ChatCommand } from "./command.ts";
import { ownWords } from "./commands/away.ts";
import { cap } from "./commands/cap.ts";
import { history } from "./commands/history.ts";
import { invite } from "./commands/invite.ts";
import { messages } from "./commands/messages.ts";
import { mode } from "./commands/mode.ts";
import { queries } from "./commands/queries.ts";
import { registration } from "./commands/registration.ts";
import { resume } from "./commands/resume.ts";
import { roomCommands } from "./commands/rooms.ts";
import { server } from "./commands/server.ts";
import { who } from "./commands/who.ts";

/** Every command there is, by its name. */
export const commands: ReadonlyMap<string, ChatCommand> = new Map(
  [
    cap,
    ...registration,
    resume,
    ...ownWords,
    ...roomCommands,
    invite,
    mode,
    ...messages,
    who,
    ...queries,
    ...server,
    history,
  ].map((command) => [command.name, command]),
);

/** Whether it is something that is said to a room, and need not wait for what was said before it. */
export function isSpoken({ command, params: [target = ""] }: IrcMessage): boolean {
  return (command === "PRIVMSG" || command === "NOTICE" || command === "TAGMSG") && target.startsWith("#");
}

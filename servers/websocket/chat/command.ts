import type { IrcMessage } from "../../../wire/irc.ts";
import type { ChatSession } from "./session.ts";

/** One command of IRC. */
export interface ChatCommand {
  readonly name: string;
  readonly minParams: number;
  /** Whether it may be given before the registration is complete. */
  readonly isEarly?: boolean;
  run(session: ChatSession, message: IrcMessage): void | Promise<void>;
}

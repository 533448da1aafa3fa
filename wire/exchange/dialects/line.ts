import type { Dialect, Dialogue, Message } from "../dialect.ts";
import type { Role } from "../script.ts";
import { Cutter, withoutEnd } from "./cutter.ts";

/** Lines of text: CRLF or LF ends one that comes in, CRLF one that goes out. What bare transports (tcp, tls, unix) carry. */
export const line: Dialect = {
  name: "line",
  schemes: ["irc", "ircs"],
  kinds: [],
  open: () => new LineDialogue(),
  show: (message) => [message.text],
};

class LineDialogue implements Dialogue {
  readonly #waiting: Readonly<Record<Role, Cutter>> = { C: new Cutter(), S: new Cutter() };

  cut(speaker: Role, bytes: string): Message[] {
    const waiting = this.#waiting[speaker];
    waiting.push(bytes);
    const messages: Message[] = [];
    for (let raw = waiting.takeLine(); raw !== undefined; raw = waiting.takeLine()) {
      messages.push({ kind: "", text: withoutEnd(raw), raw });
    }
    return messages;
  }

  unfinished(speaker: Role): string {
    return this.#waiting[speaker].peek();
  }

  encode(_speaker: Role, _kind: string, text: string): string {
    return `${text}\r\n`;
  }
}

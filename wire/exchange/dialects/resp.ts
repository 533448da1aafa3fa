import { WireError } from "../../errors.ts";
import { decodeResp, encodeCommand, encodeResp, RespSyntaxError, respLimits } from "../../resp.ts";
import type { RespValue } from "../../resp.ts";
import { quoteWord, splitWords } from "../../resp-words.ts";
import { bounds } from "../bounds.ts";
import type { Dialect, Dialogue, Message } from "../dialect.ts";
import type { Role } from "../script.ts";
import { Cutter, withoutEnd } from "./cutter.ts";
import { parseResp, printResp } from "./resp-notation.ts";

/** The Redis protocol: the client says words as one types them into redis-cli, the server values in a notation. */
export const resp: Dialect = {
  name: "resp",
  schemes: ["redis", "rediss"],
  // The names of commands have no case: ioredis says `set`.
  foldedPrefix: /^[A-Za-z]+(?![^\s])/,
  kinds: [],
  open: () => new RespDialogue(),
  show: (message) => [message.text],
  canonical(speaker, text) {
    if (speaker === "C") return splitWords(text)?.map(quoteWord).join(" ") ?? text;
    return printResp(parseResp(text));
  },
};

const limits = { ...respLimits, maxBulkBytes: bounds.messageBytes };

class RespDialogue implements Dialogue {
  readonly #waiting: Readonly<Record<Role, Cutter>> = { C: new Cutter(), S: new Cutter() };

  cut(speaker: Role, bytes: string): Message[] {
    const waiting = this.#waiting[speaker];
    waiting.push(bytes);
    const messages: Message[] = [];
    while (waiting.length > 0) {
      const message = speaker === "C" ? command(waiting) : next(waiting, printResp);
      if (message === undefined) break;
      messages.push(message);
    }
    return messages;
  }

  unfinished(speaker: Role): string {
    return this.#waiting[speaker].peek();
  }

  encode(speaker: Role, _kind: string, text: string): string {
    if (speaker === "S") return encodeResp(parseResp(text));
    const words = splitWords(text);
    if (words === undefined) throw new TypeError(`the quotes in '${text.slice(0, 60)}' do not match`);
    return encodeCommand(words);
  }
}

function command(waiting: Cutter): Message | undefined {
  if (waiting.peek().startsWith("*")) return next(waiting, printCommand);
  // The inline form, which telnet users type.
  const raw = waiting.takeLine();
  return raw === undefined ? undefined : { kind: "", text: withoutEnd(raw), raw };
}

function printCommand(value: RespValue): string {
  const isCommand = value.type === "array" && value.items.every((item) => item.type === "bulk");
  if (!isCommand) return printResp(value);
  return value.items.map((item) => quoteWord(item.type === "bulk" ? item.text : "")).join(" ");
}

function next(waiting: Cutter, print: (value: RespValue) => string): Message | undefined {
  try {
    const found = decodeResp(waiting.peek(), 0, limits);
    if (found === undefined) return undefined;
    return { kind: "", text: print(found.value), raw: waiting.take(found.end)! };
  } catch (error) {
    if (!(error instanceof RespSyntaxError)) throw error;
    throw new WireError("PROTOCOL_VIOLATION", `this is not RESP: ${error.message}`, { cause: error });
  }
}

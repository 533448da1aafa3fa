import type { Dialogue, Message } from "../dialect.ts";
import type { Role } from "../script.ts";
import { Cutter, withoutEnd } from "./cutter.ts";

/** What the two dialects with three-digit replies, smtp and ftp, do differently. */
export interface ReplyRules {
  /** The code for a class such as `2xx` in answer to a verb; the verb of the greeting is empty. */
  code(hundreds: string, verb: string): string;
  /** Whether the client's line carries credentials. */
  isSecret(line: string): boolean;
  /** The text of a client's line, from which telnet commands may have to be taken. */
  text?(line: string): string;
}

/**
 * The command and reply dance of RFC 5321 and RFC 959. Commands wait in a queue for their replies, so that a reply is
 * known to be of DATA also when the client has pipelined more behind it.
 */
export class ReplyDialogue implements Dialogue {
  readonly #rules: ReplyRules;
  readonly #waiting: Readonly<Record<Role, Cutter>> = { C: new Cutter(), S: new Cutter() };
  /** Verbs that have no final reply yet, oldest first. The greeting answers nothing, which is the verb "". */
  readonly #unanswered: string[] = [];
  #isGreeted: boolean;
  #reply: string[] = [];
  /** What the client's next bytes are. */
  #next: "command" | "mail" | "credentials" = "command";
  #chunkBytes = 0;

  constructor(rules: ReplyRules, isGreeted = false) {
    this.#rules = rules;
    this.#isGreeted = isGreeted;
  }

  cut(speaker: Role, bytes: string): Message[] {
    this.#waiting[speaker].push(bytes);
    return speaker === "C" ? this.#client() : this.#server();
  }

  unfinished(speaker: Role): string {
    return (speaker === "S" ? this.#reply.join("") : "") + this.#waiting[speaker].peek();
  }

  encode(speaker: Role, _kind: string, text: string): string {
    if (speaker === "C") return `${text}\r\n`;
    return text
      .split("\n")
      .map((line) => `${this.#withCode(line)}\r\n`)
      .join("");
  }

  #withCode(line: string): string {
    const found = /^([1-5])xx(?=[ -]|$)/.exec(line);
    if (!found) return line;
    const verb = this.#isGreeted ? (this.#unanswered[0] ?? "") : "";
    return this.#rules.code(found[1]!, verb) + line.slice(3);
  }

  #client(): Message[] {
    const waiting = this.#waiting.C;
    const messages: Message[] = [];
    for (;;) {
      if (this.#chunkBytes > 0) {
        const chunk = waiting.take(this.#chunkBytes);
        if (chunk === undefined) return messages;
        this.#chunkBytes = 0;
        messages.push({ kind: "raw", text: chunk, raw: chunk, inBody: true });
        continue;
      }
      // RFC 5321 section 2.3.8: in a mail only CRLF ends a line; a bare LF must not let a dot end the mail.
      const raw = waiting.takeLine(this.#next === "mail");
      if (raw === undefined) return messages;
      messages.push(this.#clientLine(raw));
    }
  }

  #clientLine(raw: string): Message {
    const bare = withoutEnd(raw);
    if (this.#next === "mail") {
      if (bare !== ".") return { kind: "", text: bare, raw, inBody: true };
      this.#next = "command";
      this.#unanswered.push(".");
      return { kind: "", text: bare, raw };
    }
    const text = this.#rules.text?.(bare) ?? bare;
    if (this.#next === "credentials") {
      this.#next = "command";
      return { kind: "", text, raw, isSecret: text !== "*" };
    }
    const verb = /^[A-Za-z]+/.exec(text)?.[0].toUpperCase() ?? "?";
    this.#unanswered.push(verb);
    if (verb === "BDAT") this.#chunkBytes = Number(/^BDAT +(\d{1,9})/i.exec(text)?.[1] ?? 0);
    return { kind: "", text, raw, ...(this.#rules.isSecret(text) ? { isSecret: true } : {}) };
  }

  #server(): Message[] {
    const messages: Message[] = [];
    const waiting = this.#waiting.S;
    for (let line = waiting.takeLine(); line !== undefined; line = waiting.takeLine()) {
      if (this.#reply.length === 0 && line[3] !== "-") {
        messages.push(this.#whole(withoutEnd(line), line));
        continue;
      }
      this.#reply.push(line);
      const opening = /^(\d{3})-/.exec(this.#reply[0]!)?.[1];
      // RFC 959 section 4.2: a multi-line reply ends with the same code and a blank.
      if (opening !== undefined && !(line.startsWith(opening) && /[ \r\n]/.test(line[3] ?? ""))) continue;
      const raw = this.#reply.join("");
      const text = this.#reply.map(withoutEnd).join("\n");
      this.#reply = [];
      messages.push(this.#whole(text, raw));
    }
    return messages;
  }

  #whole(text: string, raw: string): Message {
    this.#answered(text.slice(0, 3));
    return { kind: "", text, raw };
  }

  #answered(code: string): void {
    // RFC 959 section 5.4: the greeting may be put off with 120. An impatient client's commands do not make it a reply.
    if (!this.#isGreeted) {
      this.#isGreeted = !code.startsWith("1");
      return;
    }
    if (code.startsWith("1")) return;
    const verb = this.#unanswered[0];
    if (verb === "AUTH" && code === "334") {
      this.#next = "credentials";
      return;
    }
    this.#unanswered.shift();
    if (verb === "DATA" && code === "354") this.#next = "mail";
  }
}

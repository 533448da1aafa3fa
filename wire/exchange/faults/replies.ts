import type { Said } from "../../connection.ts";

/** What a fault answers. */
export interface FakeReply {
  /** Three digits. */
  readonly code: number;
  /** One line, or several. @default something that fits the code */
  readonly text?: string | readonly string[];
}

const usualTexts: Readonly<Record<string, string>> = {
  "1": "go on",
  "2": "OK",
  "3": "go ahead",
  "4": "try again later",
  "5": "refused",
};

/** A reply as it goes over the wire (RFC 5321 section 4.2.1, RFC 959 section 4.2). @throws TypeError for no such code */
export function printFake({ code, text }: FakeReply): string {
  if (!(Number.isInteger(code) && code >= 100 && code <= 599)) {
    throw new TypeError(`a reply has a code from 100 to 599, not ${code}`);
  }
  const given = text ?? usualTexts[String(code)[0]!]!;
  const lines = typeof given === "string" ? given.split(/\r?\n/) : given;
  return lines.map((line, index) => `${code}${index === lines.length - 1 ? " " : "-"}${line}\r\n`).join("");
}

/** What is said as text, a character for each byte when it is not UTF-8. */
export function textOf(said: Said): string {
  return typeof said === "string" ? said : Buffer.from(said).toString("latin1");
}

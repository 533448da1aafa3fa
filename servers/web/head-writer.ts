import { httpDate } from "../../wire/http-date.ts";
import type { Answer } from "./reply.ts";
import { statusLine } from "./status.ts";

/** How the body of a response is told apart from what follows. */
export type Framing = { readonly byteCount: number | string } | "chunked" | "until the end" | "none";

let dateSecond = 0;
let dateText = "";

/** The Date of now, made once a second. */
export function dateField(): string {
  const second = Math.floor(Date.now() / 1_000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = httpDate(second * 1_000);
  }
  return dateText;
}

/** How the body of an answer is framed for this client. */
export function framingOf({ status, body, statedLength }: Answer, isHead: boolean, version: string): Framing {
  if (status === 204 || status === 304) return "none";
  if (isHead && statedLength !== undefined) return { byteCount: statedLength };
  if (body.byteCount !== undefined) return { byteCount: body.byteCount };
  return version === "1.1" ? "chunked" : "until the end";
}

/** The head of a response, its empty line included. */
export function headText(answer: Answer, framing: Framing, connection: string | undefined): string {
  let text = `${statusLine(answer.status, answer.reason)}date: ${dateField()}\r\n`;
  const { fields } = answer;
  for (let index = 0; index < fields.length; index += 2) text += `${fields[index]}: ${fields[index + 1]}\r\n`;
  if (typeof framing === "object") text += `content-length: ${framing.byteCount}\r\n`;
  else if (framing === "chunked") text += "transfer-encoding: chunked\r\n";
  if (connection !== undefined) text += `connection: ${connection}\r\n`;
  return `${text}\r\n`;
}

import { FieldList, type Part, type Speaker } from "../anatomy.ts";
import { bytesText, textOf } from "./text.ts";

/** What the words of a protocol of command lines mean: of its verbs, and of its replies. */
export interface LineWords {
  readonly verbs: Readonly<Record<string, string>>;
  readonly replies: Readonly<Record<string, string>>;
  /** Where the standard tells of commands, and of replies. */
  readonly commandSource: string;
  readonly replySource: string;
}

/**
 * A command, or a reply of one line or several (RFC 959 section 4.2, RFC 5321 section 4.2).
 * @returns nothing while it is not all there
 */
export function commandLine(from: Speaker, bytes: Buffer, words: LineWords): Part | undefined {
  return from === "client" ? command(bytes, words) : reply(bytes, words);
}

function command(bytes: Buffer, { verbs, commandSource }: LineWords): Part | undefined {
  const end = bytes.indexOf("\r\n");
  if (end === -1) return undefined;
  const line = bytes.toString("utf8", 0, end);
  const verb =
    Object.keys(verbs).find((known) => line.toUpperCase().startsWith(known)) ?? line.split(" ", 1)[0]!;
  const fields = new FieldList()
    .add("verb", verb.length, line.slice(0, verb.length), verbs[verb] ?? "", commandSource)
    .add("argument", end - verb.length, textOf(bytes.subarray(verb.length, end)).trim(), "", commandSource)
    .add("line end", 2, "\\r\\n", "the end of the command");
  return { title: verb, bytes: bytes.subarray(0, end + 2), fields: fields.fields };
}

function reply(bytes: Buffer, { replies, replySource }: LineWords): Part | undefined {
  const fields = new FieldList();
  let code = "";
  for (;;) {
    const end = bytes.indexOf("\r\n", fields.end);
    if (end === -1) return undefined;
    const line = bytes.toString("utf8", fields.end, end);
    if (code === "") code = line.slice(0, 3);
    const hasCode = line.startsWith(code);
    const isLast = hasCode && line[3] !== "-";
    const start = fields.end + (hasCode ? 4 : 0);
    if (hasCode) {
      fields.add("code", 3, code, replies[code] ?? classes[code[0] ?? ""] ?? "", replySource);
      const mark = isLast ? "the last line of the reply" : "another line follows";
      fields.add("mark", Math.min(1, end - fields.end), isLast ? "space" : "-", mark, replySource);
    }
    fields.add(
      "text",
      Math.max(end - start, 0) + 2,
      textOf(bytes.subarray(start, end)),
      "for people",
      replySource,
    );
    if (isLast) break;
  }
  return { title: `reply ${code}`, bytes: bytes.subarray(0, fields.end), fields: fields.fields };
}

/** The first digit says how it went. */
const classes: Readonly<Record<string, string>> = {
  1: "begun, another reply follows",
  2: "done",
  3: "go on, more is needed",
  4: "not now, try again later",
  5: "no",
};

/** A mail as it comes after DATA, up to the line with a dot. @returns nothing while it is not all there */
export function mailText(bytes: Buffer): Part | undefined {
  const end = bytes.indexOf("\r\n.\r\n");
  if (end === -1) return undefined;
  const headEnd = bytes.indexOf("\r\n\r\n");
  const fields = new FieldList();
  for (const line of headEnd === -1 ? [] : bytes.toString("utf8", 0, headEnd).split("\r\n")) {
    const length = Buffer.byteLength(line) + 2;
    const colon = /^[!-9;-~]+:/.exec(line)?.[0].length ?? 0;
    const name = colon === 0 ? "(goes on)" : line.slice(0, colon - 1);
    const value = textOf(Buffer.from(line.slice(colon).trim()));
    fields.add(name, length, value, colon === 0 ? "a field over several lines" : "", "RFC 5322 section 3.6");
  }
  const emptyLineBytes = headEnd === -1 ? 0 : 2;
  fields.add("empty line", emptyLineBytes, "\\r\\n", "the end of the head", "RFC 5322 section 2.1");
  const body = bytes.subarray(fields.end, end + 2);
  fields.add(
    "body",
    body.length,
    textOf(body),
    "the message; a line that begins with a dot gets another one",
    "RFC 5321 section 4.5.2",
  );
  fields.add("dot", 3, ".\\r\\n", "the end of the mail", "RFC 5321 section 4.1.1.4");
  return {
    title: `the mail, ${bytesText(end + 5)}`,
    bytes: bytes.subarray(0, end + 5),
    fields: fields.fields,
  };
}

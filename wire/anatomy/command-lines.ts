import { FieldList, type Part, type Speaker } from "../anatomy.ts";
import { textOf } from "./text.ts";

/** What the words of a protocol of command lines mean: of its verbs, and of its replies. */
export interface LineWords {
  readonly verbs: Readonly<Record<string, string>>;
  readonly replies: Readonly<Record<string, string>>;
  /** What the lines of a reply behind its first one say. */
  readonly furtherLine: string;
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
    .add(
      "argument",
      end - verb.length,
      textOf(bytes.subarray(verb.length, end)).trim(),
      "what the verb is about",
      commandSource,
    )
    .add("line end", 2, "\\r\\n", "the end of the command");
  return { title: verb, bytes: bytes.subarray(0, end + 2), fields: fields.fields };
}

function reply(bytes: Buffer, { replies, furtherLine, replySource }: LineWords): Part | undefined {
  const fields = new FieldList();
  let code = "";
  for (;;) {
    const end = bytes.indexOf("\r\n", fields.end);
    if (end === -1) return undefined;
    const line = bytes.toString("utf8", fields.end, end);
    const isFirst = code === "";
    if (isFirst) code = line.slice(0, 3);
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
      isFirst ? "for people" : furtherLine,
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

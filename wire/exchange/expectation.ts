import { decodeBytes, isByteKind } from "./byte-kinds.ts";
import { bytesOf } from "./byte-string.ts";
import type { Inbox } from "./inbox.ts";
import type { Message } from "./dialect.ts";
import { compareJson } from "./json-pattern.ts";
import { Pattern, say } from "./pattern.ts";
import type { Compared } from "./pattern.ts";
import { compareReply, replyLength } from "./reply.ts";
import type { Scope } from "./scope.ts";
import type { Part, Spoken } from "./script.ts";

/** What looking at an inbox for some lines of the script gave. */
export type Heard =
  | {
      readonly state: "fits";
      /** How many lines of the script were met. */
      readonly lines: number;
      /** How many messages were taken, or how many bytes when it was a stretch of a stream. */
      readonly messages: number;
      readonly bytes?: number;
      readonly bound: ReadonlyMap<string, string>;
    }
  | { readonly state: "waits" }
  | { readonly state: "differs"; readonly difference: Difference };

/** How what came is not what the script has. Texts are byte strings. */
export interface Difference {
  /** Index of the line that is not met. */
  readonly line: number;
  readonly summary: string;
  readonly actual: string;
  /** Offset in `actual` of the first wrong character. */
  readonly at?: number;
  /** A line of the reply that is asked for and not there. */
  readonly missing?: boolean;
}

/** Reads an attachment, or a file beside the script, as a byte string. */
export type ReadFile = (name: string) => string;

/**
 * Looks whether what waits in an inbox meets the script's lines from `index` on, without taking anything.
 * @param lines consecutive lines of the other side on this connection, each of one message (see `singleLines`)
 */
export function hear(
  lines: readonly Spoken[],
  index: number,
  inbox: Inbox,
  scope: Scope,
  read: ReadFile,
): Heard {
  const line = lines[index]!;
  if (inbox.isStream) return hearStream(line, index, inbox, scope, read);
  if (isByteKind(line.kind)) return hearBytes(lines, index, inbox, scope, read);
  if (line.mark === "&" && !(inbox.dialect.hasReplies && line.speaker === "S")) {
    return hearAnyOrder(lines, index, inbox, scope);
  }
  const [message] = inbox.messages;
  if (message === undefined) return waiting(inbox, index);
  if (inbox.dialect.hasReplies && line.speaker === "S") {
    const count = replyLength(lines, index);
    const own = count === lines.length ? lines : lines.slice(index, index + count);
    const compared = compareReply(own, message.text, scope);
    if (compared.matches) return { state: "fits", lines: count, messages: 1, bound: compared.bound };
    const wrong = lines[index + compared.line]!;
    const summary = describeReply(compared.reason, wrong, compared.why, scope);
    const more = compared.reason === "missing" ? { missing: true } : { at: compared.at };
    return differs(index + compared.line, summary, message, more);
  }
  const compared = compareMessage(line, message, inbox, scope);
  if (compared.matches) return { state: "fits", lines: 1, messages: 1, bound: compared.bound };
  return differs(index, describe(line, compared), message, { at: compared.at });
}

/** Whether one message is what one line says. */
export function compareMessage(line: Spoken, message: Message, inbox: Inbox, scope: Scope): Compared {
  const kind = line.kind === "json" ? "" : line.kind;
  if (kind !== message.kind) {
    const is = message.kind === "" ? "a message" : `'${message.kind}'`;
    return { matches: false, at: 0, why: `came as ${is}, not as ${kind === "" ? "a message" : `'${kind}'`}` };
  }
  const parts = joined(line.payload.lines);
  if (line.kind === "json") return compareJson(parts, message.text, scope);
  const { dialect } = inbox;
  const folded =
    line.speaker === "C" && !message.inBody && line.mark !== "=" ? dialect.foldedPrefix : undefined;
  const pattern = new Pattern(parts, scope, {
    rest: line.payload.rest,
    ...(folded === undefined ? {} : { foldedPrefix: folded }),
  });
  const compared = pattern.compare(message.text);
  if (compared.matches || pattern.fixed === undefined || dialect.canonical === undefined) return compared;
  // `GET "a"` and `GET a` are the same words.
  return canonical(() => dialect.canonical!(line.speaker, pattern.fixed!) === message.text)
    ? { matches: true, bound: new Map(), length: message.text.length }
    : compared;
}

function canonical(task: () => boolean): boolean {
  try {
    return task();
  } catch {
    return false;
  }
}

/** `raw`, `hex`, `b64`, `file`: bytes that may be part of a message, the rest of which the next lines say. */
function hearBytes(
  lines: readonly Spoken[],
  index: number,
  inbox: Inbox,
  scope: Scope,
  read: ReadFile,
): Heard {
  const { messages } = inbox;
  for (let last = index; last < lines.length; last++) {
    const parts = lines.slice(index, last + 1).flatMap((line) => bytesParts(line, inbox, scope, read));
    const pattern = new Pattern(parts, scope, { rest: lines[last]!.payload.rest });
    const wanted = pattern.fixed;
    let bytes = "";
    for (let count = 0; ; count++) {
      if (wanted === undefined ? count > 0 : bytes.length >= wanted.length) {
        const compared = pattern.compare(bytes);
        if (compared.matches) {
          return { state: "fits", lines: last - index + 1, messages: count, bound: compared.bound };
        }
        if (wanted !== undefined) break;
      }
      const next = messages[count];
      if (next === undefined) {
        const all = inbox.bytes;
        const compared = pattern.compare(all);
        const isOnTheWay = compared.matches || compared.at >= all.length;
        if (isOnTheWay && inbox.end === undefined) return { state: "waits" };
        return differs(index, "the bytes differ", { text: all }, compared.matches ? {} : { at: compared.at });
      }
      bytes += next.raw;
    }
    // The message is longer than these lines: the next one may say the rest of it.
    const isLonger =
      wanted !== undefined && bytes.startsWith(wanted) && last + 1 < lines.length && !inbox.isDatagram;
    if (isLonger) continue;
    const compared = pattern.compare(bytes);
    return differs(index, "the bytes differ", { text: bytes }, compared.matches ? {} : { at: compared.at });
  }
  return { state: "waits" };
}

function bytesParts(line: Spoken, inbox: Inbox, scope: Scope, read: ReadFile): Part[] {
  if (line.kind === "raw") return joined(line.payload.lines);
  const text = joined(line.payload.lines);
  if (line.kind === "hex" || line.kind === "b64")
    return [literal(decodeBytes(line.kind, say(text, scope.inner())))];
  if (line.kind === "file") return [literal(read(say(text, scope.inner())))];
  if (inbox.dialect.isStream) return text;
  const isLine = inbox.dialect.name === "line" || inbox.dialect.hasReplies;
  if (isLine) return [...text, literal("\r\n")];
  return [literal(inbox.encode(line.speaker, line.kind, say(text, scope.inner())))];
}

function hearStream(line: Spoken, index: number, inbox: Inbox, scope: Scope, read: ReadFile): Heard {
  const bytes = inbox.bytes;
  const pattern = new Pattern(bytesParts(line, inbox, scope, read), scope, { rest: line.payload.rest });
  const isOver = inbox.end !== undefined;
  const wanted = pattern.fixed;
  if (wanted !== undefined) {
    if (bytes.startsWith(wanted))
      return { state: "fits", lines: 1, messages: 0, bytes: wanted.length, bound: new Map() };
    if (wanted.startsWith(bytes) && !isOver) return { state: "waits" };
  } else {
    const compared = pattern.isOpenEnded ? pattern.compare(bytes) : pattern.comparePrefix(bytes);
    // A hole at the end goes on as long as the stream does: only the end of it, or what follows, says where it ends.
    const isDecided = isOver || (!pattern.isOpenEnded && compared.matches && compared.length < bytes.length);
    if (compared.matches && isDecided) {
      return { state: "fits", lines: 1, messages: 0, bytes: compared.length, bound: compared.bound };
    }
    if (!isOver && (compared.matches || compared.at >= bytes.length || pattern.isOpenEnded))
      return { state: "waits" };
  }
  const compared =
    wanted === undefined ? pattern.comparePrefix(bytes) : pattern.compare(bytes.slice(0, wanted.length));
  const summary = compared.matches ? "the bytes differ" : describe(line, compared);
  return differs(index, summary, { text: bytes }, compared.matches ? {} : { at: compared.at });
}

/** Neighbours marked `&`: each is met by one of as many messages, in any order. */
function hearAnyOrder(lines: readonly Spoken[], index: number, inbox: Inbox, scope: Scope): Heard {
  let count = 1;
  while (lines[index + count]?.mark === "&" && lines[index + count]!.kind === lines[index]!.kind) count++;
  const open = lines.slice(index, index + count).map((line, offset) => ({ line, offset }));
  const bound = new Map<string, string>();
  const inner = scope.inner();
  for (let at = 0; at < count; at++) {
    const message = inbox.messages[at];
    if (message === undefined) return waiting(inbox, index + (open[0]?.offset ?? 0));
    const found = open.findIndex(({ line }) => compareMessage(line, message, inbox, inner).matches);
    if (found === -1) {
      const missing = open.map(({ line }) => shownLine(line, scope)).join(" or ");
      return differs(index + open[0]!.offset, `this is not ${missing}`, message, {});
    }
    const [{ line }] = open.splice(found, 1) as [(typeof open)[number]];
    const compared = compareMessage(line, message, inbox, inner);
    if (!compared.matches) continue;
    for (const [name, value] of compared.bound) {
      bound.set(name, value);
      inner.set(name, value);
    }
  }
  return { state: "fits", lines: count, messages: count, bound };
}

function waiting(inbox: Inbox, line: number): Heard {
  if (inbox.end === undefined) return { state: "waits" };
  const rest = inbox.bytes;
  const summary = inbox.end === "reset" ? "the connection was reset" : "the connection was closed";
  return { state: "differs", difference: { line, summary, actual: rest } };
}

function differs(
  line: number,
  summary: string,
  message: Pick<Message, "text">,
  more: Partial<Difference>,
): Heard {
  return { state: "differs", difference: { line, summary, actual: message.text, ...more } };
}

function describe(line: Spoken, compared: Extract<Compared, { matches: false }>): string {
  if (line.kind === "json" || compared.why.startsWith("came as")) return compared.why;
  return `differs at character ${compared.at + 1}`;
}

function describeReply(reason: string, line: Spoken, why: string, scope: Scope): string {
  if (reason === "missing")
    return `the reply lacks "${shownLine(line, scope).replace(/^[1-5][0-9x]{2}[- ]/, "")}"`;
  if (reason === "code") return `the reply has another code: ${why}`;
  return reason === "letters" ? "the reply differs" : why;
}

/** A line of the script with the values it has now, holes that capture as they are written. */
export function shownLine(line: Spoken, scope: Scope): string {
  const lines = line.payload.lines.map((parts) => parts.map((part) => shownPart(part, scope)).join(""));
  return lines.join("\n") + (line.payload.rest ? "..." : "");
}

function shownPart(part: Part, scope: Scope): string {
  if (part.type === "literal") return bytesOf(part.text);
  try {
    return say([part], scope.inner());
  } catch {
    return part.type === "slot" ? `\${${part.name ?? part.kind ?? "…"}}` : "${…}";
  }
}

/** The lines of a payload as one list of parts, with LF between them. */
export function joined(lines: readonly (readonly Part[])[]): Part[] {
  return lines.flatMap((parts, index) => (index === 0 ? parts : [literal("\n"), ...parts]));
}

function literal(bytes: string): Part {
  return { type: "computed", expression: [{ type: "string", bytes }] };
}

/** Lines of one message each: in a dialect of lines, every line of a block is a message of its own. */
export function singleLines(line: Spoken, inbox: Inbox): Spoken[] {
  const isLines = inbox.dialect.name === "line" || inbox.dialect.hasReplies === true;
  const rows = line.payload.lines;
  if (rows.length < 2 || line.kind !== "" || !isLines) return [line];
  return rows.map((row, index) => ({
    ...line,
    at: { ...line.at, line: line.at.line + index + (line.payload.below ? 1 : 0) },
    payload: { lines: [row], below: false, rest: line.payload.rest && index === rows.length - 1 },
  }));
}

import { parseInstant } from "./instant.ts";
import { parseSize } from "./size.ts";
import type { Term, TermField, TermTest } from "./term.ts";

/**
 * The search language, as Mailpit users know it.
 *
 *     welcome "your code" from:ann -is:read larger:10k after:2026-01-31
 *
 * Terms stand apart by white space and all must hold. `-` or `!` before a term turns it round. Quotes keep white space
 * together, after a name too: `subject:"two words"`. A colon behind an unknown name is part of the word, so an
 * address of the web can be searched for as it is.
 */
interface Piece {
  readonly isNegated: boolean;
  /** The name before the colon, in lower case; empty for words. */
  readonly name: string;
  readonly value: string;
  /** Where the piece begins, counted from 1. */
  readonly column: number;
}

/**
 * The terms of a search, in order.
 * @param query what a person typed; empty for no terms
 * @param timeZone an IANA name: where the dates of `after:` and `before:` begin
 * @throws TypeError that says what is wrong, and at which character
 */
export function parseSearch(query: string, timeZone = "UTC"): Term[] {
  return cut(query).map((piece) => ({ isNegated: piece.isNegated, test: testOf(piece, timeZone) }));
}

const fields: Readonly<Record<string, TermField>> = {
  from: "from",
  to: "to",
  cc: "cc",
  bcc: "bcc",
  addressed: "addressed",
  "reply-to": "replyTo",
  subject: "subject",
  "message-id": "messageId",
};
const otherNames = ["tag", "is", "has", "after", "before", "larger", "smaller"];
const names = new Set([...Object.keys(fields), ...otherNames]);

function cut(query: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < query.length) {
    if (isSpace(query, at)) {
      at += 1;
      continue;
    }
    const start = at;
    const isNegated =
      (query[at] === "-" || query[at] === "!") && at + 1 < query.length && !isSpace(query, at + 1);
    if (isNegated) at += 1;
    const name = nameAt(query, at);
    if (name !== "") at += name.length + 1;
    const [value, end] = valueAt(query, at);
    pieces.push({ isNegated, name, value, column: start + 1 });
    at = end;
  }
  return pieces;
}

function nameAt(query: string, at: number): string {
  const name = /^[a-z-]+(?=:)/i.exec(query.slice(at, at + 16))?.[0].toLowerCase() ?? "";
  return names.has(name) ? name : "";
}

/** The value that begins here, without its quotes, and the place behind it. */
function valueAt(query: string, at: number): [value: string, end: number] {
  if (query[at] === '"') {
    const close = query.indexOf('"', at + 1);
    if (close === -1) throw new TypeError(`search: the quote at character ${at + 1} is not closed`);
    return [query.slice(at + 1, close), close + 1];
  }
  let end = at;
  while (end < query.length && !isSpace(query, end)) end += 1;
  return [query.slice(at, end), end];
}

function isSpace(query: string, at: number): boolean {
  return query.charAt(at).trim() === "";
}

function testOf(piece: Piece, timeZone: string): TermTest {
  const { name, value } = piece;
  if (name === "") return { kind: "words", words: value };
  const text = value.trim().toLowerCase();
  if (text === "") throw wrong(piece, "a value", "none");
  const field = fields[name];
  if (field !== undefined) return { kind: "field", field, part: field === "messageId" ? bare(text) : text };
  switch (name) {
    case "tag":
      return { kind: "tag", tag: text };
    case "is":
      if (text === "read" || text === "unread" || text === "tagged") return { kind: "is", state: text };
      throw wrong(piece, "read, unread or tagged");
    case "has":
      if (text === "attachment" || text === "attachments") return { kind: "has", part: "attachment" };
      if (text === "inline") return { kind: "has", part: "inline" };
      throw wrong(piece, "attachment or inline");
    case "after":
    case "before": {
      const atMs = parseInstant(value.trim(), timeZone);
      if (atMs === undefined) throw wrong(piece, "a date such as 2026-01-31 or 2026-01-31T09:30:00Z");
      return { kind: name, atMs };
    }
    default: {
      const bytes = parseSize(text);
      if (bytes === undefined) throw wrong(piece, "a size such as 500, 10k or 2M");
      return { kind: name === "larger" ? "larger" : "smaller", bytes };
    }
  }
}

/** A message-id without its angle brackets. */
function bare(id: string): string {
  return id.replace(/^<|>$/g, "");
}

function wrong(piece: Piece, expected: string, got = `"${piece.value}"`): TypeError {
  return new TypeError(`search: ${piece.name}: at character ${piece.column} expects ${expected}, got ${got}`);
}

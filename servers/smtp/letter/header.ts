import { decodeText } from "./charset.ts";
import { decodeWords } from "./postal.ts";

/** A header field (RFC 5322 section 2.2) by its place in the message. */
export interface Field {
  /** As written. */
  readonly name: string;
  /** Offset of the first byte of the name. */
  readonly start: number;
  /** Offset of the first byte after the colon. */
  readonly valueStart: number;
  /** Offset after the value, its last line ending not included. */
  readonly end: number;
}

/** The fields of a message or part, and where its body starts. */
export interface HeaderBlock {
  readonly fields: readonly Field[];
  readonly bodyStart: number;
}

/** Fields kept of one header; those after it are passed over, so that a hostile header costs time but no memory. */
const maxFields = 2_000;
/** Bytes of one field's value that are read. */
const maxValueBytes = 256 * 1024;

const newLine = 10;
const carriageReturn = 13;
const space = 32;
const tab = 9;
const colon = 58;
const semicolon = 59;

/**
 * Find the fields of a header. It ends after an empty line, before a line that is neither a field nor the rest of
 * one, and before a line that `isEnd` knows as the delimiter of an enclosing multipart.
 */
export function scanHeader(raw: Buffer, start: number, isEnd?: (lineStart: number) => boolean): HeaderBlock {
  const fields: Field[] = [];
  let open: { name: string; start: number; valueStart: number; end: number } | undefined;
  let at = start;
  while (at < raw.length) {
    let next = raw.indexOf(newLine, at);
    const stop = next < 0 ? raw.length : next;
    next = next < 0 ? raw.length : next + 1;
    const end = stop > at && raw[stop - 1] === carriageReturn ? stop - 1 : stop;
    if (end === at) return { fields, bodyStart: next };
    const first = raw[at];
    if (first === space || first === tab || (open && isBadlyFolded(raw, open, at, end))) {
      // A folded line before any field belongs to nothing.
      if (open) open.end = end;
    } else if (isEnd !== undefined && first === 45 && isEnd(at)) {
      return { fields, bodyStart: at };
    } else {
      const nameEnd = endOfName(raw, at, end);
      if (nameEnd > at) {
        const valueStart = raw[nameEnd] === colon ? nameEnd + 1 : raw.indexOf(colon, nameEnd) + 1;
        open = { name: raw.toString("latin1", at, nameEnd), start: at, valueStart, end };
        if (fields.length < maxFields) fields.push(open);
      } else if (!isMailboxSeparator(raw, at, start)) {
        return { fields, bodyStart: at };
      }
    }
    at = next;
  }
  return { fields, bodyStart: raw.length };
}

/** The first field with this name, in lower case. */
export function findField(fields: readonly Field[], name: string): Field | undefined {
  return fields.find((field) => hasName(field, name));
}

/** All fields with this name, in lower case. */
export function findFields(fields: readonly Field[], name: string): Field[] {
  const found: Field[] = [];
  for (const field of fields) if (hasName(field, name)) found.push(field);
  return found;
}

/** The value of a field, unfolded and trimmed; its encoded words are left alone. */
export function fieldValue(raw: Buffer, field: Field | undefined): string {
  if (field === undefined) return "";
  const end = Math.min(field.end, field.valueStart + maxValueBytes);
  // Nearly all values are ASCII, and short: to look at the text takes less than to ask about the bytes first.
  const latin1 = raw.toString("latin1", field.valueStart, end);
  const value = /[\x80-\xff]/.test(latin1) ? decodeText(raw.subarray(field.valueStart, end)) : latin1;
  return (value.includes("\n") ? value.replace(/\r?\n/g, "") : value).trim();
}

/** The value of an unstructured field (RFC 5322 section 3.2.5) as a person reads it. */
export function fieldText(raw: Buffer, field: Field | undefined): string {
  return decodeWords(fieldValue(raw, field));
}

function hasName(field: Field, name: string): boolean {
  return field.name.length === name.length && field.name.toLowerCase() === name;
}

/** Where the name of the field ends, or `start` when the line is no field. */
function endOfName(raw: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && raw[at]! > space && raw[at]! < 127 && raw[at] !== colon) at++;
  if (raw[at] === colon || at === start) return at;
  // RFC 5322 section 4.5.8: obsolete headers may have white space before the colon.
  let after = at;
  while (after < end && (raw[after] === space || raw[after] === tab)) after++;
  return after < end && raw[after] === colon ? at : start;
}

/** Some senders break a line after `;` without indenting the next one. */
function isBadlyFolded(raw: Buffer, open: Field, at: number, end: number): boolean {
  return raw[open.end - 1] === semicolon && endOfName(raw, at, end) === at;
}

/** `From ann@example.com Mon …`: what the mbox format writes above a message (RFC 4155). */
function isMailboxSeparator(raw: Buffer, at: number, start: number): boolean {
  return at === start && /^>?From /.test(raw.toString("latin1", at, at + 6));
}

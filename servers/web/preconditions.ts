import type { HttpFields } from "../../wire/http-fields.ts";
import { parseHttpDate } from "../../wire/http-date.ts";

/** What tells one state of a file from another. */
export interface Validators {
  /** With its quotation marks: `"abc"` or `W/"abc"`. */
  readonly etag: string;
  readonly modifiedMs: number;
}

/**
 * What the conditions of a GET or HEAD come to, in the order of RFC 9110 section 13.2.2.
 * @returns 304 or 412, or undefined to go on
 */
export function precondition(fields: HttpFields, { etag, modifiedMs }: Validators): 304 | 412 | undefined {
  const modified = Math.floor(modifiedMs / 1_000) * 1_000;
  const ifMatch = fields.get("if-match");
  if (ifMatch !== undefined) {
    if (!isListed(ifMatch, etag, isSame)) return 412;
  } else {
    const since = parseHttpDate(fields.get("if-unmodified-since"));
    if (since !== undefined && modified > since) return 412;
  }
  const ifNoneMatch = fields.get("if-none-match");
  if (ifNoneMatch !== undefined) return isListed(ifNoneMatch, etag, isAlike) ? 304 : undefined;
  const since = parseHttpDate(fields.get("if-modified-since"));
  return since !== undefined && modified <= since ? 304 : undefined;
}

/** Whether a Range still counts (RFC 9110 section 13.1.5). */
export function isRangeValid(fields: HttpFields, { etag, modifiedMs }: Validators): boolean {
  const condition = fields.get("if-range");
  if (condition === undefined) return true;
  if (/^(?:W\/)?"/.test(condition)) return isSame(condition, etag);
  return parseHttpDate(condition) === Math.floor(modifiedMs / 1_000) * 1_000;
}

function isListed(list: string, etag: string, compare: (a: string, b: string) => boolean): boolean {
  if (list.trim() === "*") return true;
  return [...list.matchAll(/(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g)].some(([one]) => compare(one, etag));
}

/** The strong comparison: the same bytes. */
function isSame(a: string, b: string): boolean {
  return a === b && !a.startsWith("W/");
}

/** The weak comparison: as good as the same. */
function isAlike(a: string, b: string): boolean {
  return a.replace(/^W\//, "") === b.replace(/^W\//, "");
}

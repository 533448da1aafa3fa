import { printDouble } from "./numbers.ts";

/**
 * Replies as the bytes that leave: byte strings, so that what a client says in one burst is answered by one string.
 * Where RESP2 and RESP3 differ, the version that the client has chosen is the first argument.
 */
export type Version = 2 | 3;

export const ok = "+OK\r\n";
export const queued = "+QUEUED\r\n";
export const emptyArray = "*0\r\n";

const few = 1_024;
const integers = Array.from({ length: few }, (_, value) => `:${value}\r\n`);
const heads = Array.from({ length: few }, (_, length) => `$${length}\r\n`);

export function integer(value: number | bigint): string {
  return (typeof value === "number" && integers[value]) || `:${value}\r\n`;
}

export function yes(is: boolean): string {
  return is ? ":1\r\n" : ":0\r\n";
}

export function bulk(text: string): string {
  return `${text.length < few ? heads[text.length]! : `$${text.length}\r\n`}${text}\r\n`;
}

export function simple(text: string): string {
  return `+${text}\r\n`;
}

/** A line end in an error would be a second reply. */
export function error(text: string): string {
  return `-${text.replaceAll(/[\r\n]/g, " ")}\r\n`;
}

/** An array of replies. */
export function array(items: readonly string[]): string {
  return `*${items.length}\r\n${items.join("")}`;
}

/** An array of bulk strings. */
export function bulks(texts: readonly string[]): string {
  let reply = `*${texts.length}\r\n`;
  for (const text of texts) reply += bulk(text);
  return reply;
}

export function nil(version: Version): string {
  return version === 3 ? "_\r\n" : "$-1\r\n";
}

/** Nothing, where an array would have been. */
export function nilArray(version: Version): string {
  return version === 3 ? "_\r\n" : "*-1\r\n";
}

export function bulkOrNil(version: Version, text: string | undefined): string {
  return text === undefined ? nil(version) : bulk(text);
}

/** Keys and values, one after the other, all of them replies. */
export function map(version: Version, items: readonly string[]): string {
  return `${version === 3 ? `%${items.length / 2}` : `*${items.length}`}\r\n${items.join("")}`;
}

export function set(version: Version, texts: readonly string[]): string {
  const reply = bulks(texts);
  return version === 3 ? `~${reply.slice(1)}` : reply;
}

export function push(version: Version, items: readonly string[]): string {
  return `${version === 3 ? ">" : "*"}${items.length}\r\n${items.join("")}`;
}

export function double(version: Version, value: number): string {
  return version === 3 ? `,${printDouble(value)}\r\n` : bulk(printDouble(value));
}

/** Text for people. */
export function verbatim(version: Version, text: string): string {
  return version === 3 ? `=${text.length + 4}\r\ntxt:${text}\r\n` : bulk(text);
}

/** Members with their scores: flat in RESP2, pairs in RESP3. */
export function scored(version: Version, entries: readonly { member: string; score: number }[]): string {
  const pair = version === 3 ? "*2\r\n" : "";
  let reply = `*${version === 3 ? entries.length : entries.length * 2}\r\n`;
  for (const { member, score } of entries) reply += pair + bulk(member) + double(version, score);
  return reply;
}

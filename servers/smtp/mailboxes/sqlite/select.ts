import { parseSearch } from "../../search/parse-search.ts";
import { indexExpression } from "../../search/words.ts";
import type { InboxIdentity, MailQuery } from "../../mailbox.ts";
import type { Term, TermField, TermTest } from "../../search/term.ts";
import type { Roster, RosterEntry } from "./roster.ts";

/**
 * Looks words up in the index: the sequence numbers of the mails that have them, ascending.
 * @param among the mails that are asked about; all by default
 */
export type LookUpWords = (expression: string, among?: readonly number[]) => readonly number[];

/** Indices into the roster, ascending. */
export type Places = Uint32Array<ArrayBuffer>;

/**
 * The places in the roster of the mails that fit a query, oldest first. Terms sieve one list of places in turn, in
 * plain loops over typed arrays: they are fast from the first search on, not only once the compiler knows them.
 * @throws TypeError when the query does not parse
 */
export function select(roster: Roster, query: MailQuery, lookUp: LookUpWords): Places {
  // Parsed before anything else: a wrong query is an error in an empty mailbox too.
  const terms = parseSearch(query.query ?? "", query.timeZone);
  const first = query.afterSequence === undefined ? 0 : roster.placeOf(query.afterSequence + 1);
  let places: Places = new Uint32Array(roster.entries.length - first);
  for (let index = 0; index < places.length; index += 1) places[index] = first + index;
  if (query.inbox) places = sieve(roster, places, isOfInbox(query.inbox), false);
  for (const { test, isNegated } of terms) {
    if (test.kind === "words") continue;
    if (test.kind === "field") {
      places = sieveFields(fieldsOf(roster, test.field), places, test.part, isNegated);
    } else if (test.kind === "is" && test.state !== "tagged") {
      places = sieveUnread(roster, places, (test.state === "unread") !== isNegated);
    } else {
      places = sieve(roster, places, predicate(test), isNegated);
    }
  }
  for (const { expression, isNegated } of expressions(terms)) {
    if (places.length === 0) break;
    // To be told which of a few have a word is quicker than to be told all that have it.
    const areFew = places.length * 10 < roster.entries.length;
    const among = areFew ? Array.from(places, (place) => roster.sequences[place] ?? 0) : undefined;
    places = sieveFound(roster, places, lookUp(expression, among), isNegated);
  }
  return places;
}

function fieldsOf({ fields }: Roster, field: TermField): readonly (readonly string[])[] {
  if (field !== "addressed") return [fields[field]];
  return [fields.from, fields.to, fields.cc, fields.bcc, fields.replyTo];
}

function isOfInbox({ address, user }: InboxIdentity): (entry: RosterEntry) => boolean {
  const folded = address.toLowerCase();
  return (entry) => entry.recipients.includes(folded) || (user !== "" && entry.user === user);
}

function sieve(
  { entries }: Roster,
  places: Places,
  holds: (entry: RosterEntry) => boolean,
  isNegated: boolean,
): Places {
  let kept = 0;
  for (let index = 0; index < places.length; index += 1) {
    const place = places[index] ?? 0;
    const entry = entries[place];
    if (entry && holds(entry) !== isNegated) places[kept++] = place;
  }
  return places.subarray(0, kept);
}

/** The places of mails that have this part in one of the fields, or in none of them. */
function sieveFields(
  fields: readonly (readonly string[])[],
  places: Places,
  part: string,
  isNegated: boolean,
): Places {
  let kept = 0;
  for (let index = 0; index < places.length; index += 1) {
    const place = places[index] ?? 0;
    let isFound = false;
    for (let at = 0; at < fields.length && !isFound; at += 1)
      isFound = fields[at]?.[place]?.includes(part) ?? false;
    if (isFound !== isNegated) places[kept++] = place;
  }
  return places.subarray(0, kept);
}

function sieveUnread({ isUnread }: Roster, places: Places, isWanted: boolean): Places {
  const wanted = isWanted ? 1 : 0;
  let kept = 0;
  for (let index = 0; index < places.length; index += 1) {
    const place = places[index] ?? 0;
    if (isUnread[place] === wanted) places[kept++] = place;
  }
  return places.subarray(0, kept);
}

/** The places of mails that are among the sequence numbers, or of those that are not; both lists ascend. */
function sieveFound(
  { sequences }: Roster,
  places: Places,
  found: readonly number[],
  isNegated: boolean,
): Places {
  let kept = 0;
  let at = 0;
  for (let index = 0; index < places.length; index += 1) {
    const place = places[index] ?? 0;
    const sequence = sequences[place] ?? 0;
    while (at < found.length && (found[at] ?? 0) < sequence) at += 1;
    const isFound = at < found.length && found[at] === sequence;
    if (isFound !== isNegated) places[kept++] = place;
  }
  return places.subarray(0, kept);
}

/** What to look up: all words that must be there in one expression, and all that must not in another. */
function expressions(terms: readonly Term[]): { readonly expression: string; readonly isNegated: boolean }[] {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  for (const { test, isNegated } of terms) {
    const expression = test.kind === "words" ? indexExpression(test.words) : undefined;
    if (expression !== undefined) (isNegated ? unwanted : wanted).push(expression);
  }
  return [
    { expression: wanted.join(" AND "), isNegated: false },
    { expression: unwanted.join(" OR "), isNegated: true },
  ].filter(({ expression }) => expression !== "");
}

type RosterTest = Exclude<TermTest, { readonly kind: "words" | "field" }>;

function predicate(test: RosterTest): (entry: RosterEntry) => boolean {
  switch (test.kind) {
    case "tag":
      return (entry) => entry.tags.some((tag) => tag.toLowerCase() === test.tag);
    case "is":
      if (test.state === "tagged") return (entry) => entry.tags.length > 0;
      return (entry) => entry.isRead === (test.state === "read");
    case "has":
      return test.part === "inline" ? (entry) => entry.inline > 0 : (entry) => entry.attachments > 0;
    case "after":
      return (entry) => entry.receivedAtMs >= test.atMs;
    case "before":
      return (entry) => entry.receivedAtMs < test.atMs;
    case "larger":
      return (entry) => entry.size > test.bytes;
    default:
      return (entry) => entry.size < test.bytes;
  }
}

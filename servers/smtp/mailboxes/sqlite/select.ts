import { parseSearch } from "../../search/parse-search.ts";
import { indexExpression } from "../../search/words.ts";
import type { InboxIdentity, MailQuery } from "../../mailbox.ts";
import type { Term, TermTest } from "../../search/term.ts";
import type { Roster, RosterEntry } from "./roster.ts";

/** Looks words up in the index: the sequence numbers of the mails that have them, ascending. */
export type LookUpWords = (expression: string) => readonly number[];

/**
 * The places in the roster of the mails that fit a query, oldest first.
 * @throws TypeError when the query does not parse
 */
export function select(roster: Roster, query: MailQuery, lookUp: LookUpWords): number[] {
  // Parsed before anything else: a wrong query is an error in an empty mailbox too.
  const terms = parseSearch(query.query ?? "", query.timeZone);
  const first = query.afterSequence === undefined ? 0 : roster.placeOf(query.afterSequence + 1);
  let places: number[] = [];
  for (let place = first; place < roster.entries.length; place += 1) places.push(place);
  if (query.inbox) places = narrow(roster, places, isOfInbox(query.inbox), false);
  for (const { test, isNegated } of terms) {
    if (test.kind === "words") continue;
    if (test.kind === "is" && test.state !== "tagged") {
      const wanted = (test.state === "unread") === isNegated ? 0 : 1;
      places = places.filter((place) => roster.isUnread[place] === wanted);
    } else {
      places = narrow(roster, places, predicate(test), isNegated);
    }
  }
  for (const { expression, isNegated } of expressions(terms)) {
    if (places.length > 0) places = merge(roster, places, lookUp(expression), isNegated);
  }
  return places;
}

function isOfInbox({ address, user }: InboxIdentity): (entry: RosterEntry) => boolean {
  const folded = address.toLowerCase();
  return (entry) => entry.recipients.includes(folded) || (user !== "" && entry.user === user);
}

function narrow(
  { entries }: Roster,
  places: readonly number[],
  holds: (entry: RosterEntry) => boolean,
  isNegated: boolean,
): number[] {
  return places.filter((place) => {
    const entry = entries[place];
    return entry !== undefined && holds(entry) !== isNegated;
  });
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

/** The places of mails that are among the sequence numbers, or of those that are not; both lists ascend. */
function merge(
  { sequences }: Roster,
  places: readonly number[],
  found: readonly number[],
  isNegated: boolean,
): number[] {
  let at = 0;
  return places.filter((place) => {
    const sequence = sequences[place] ?? 0;
    while ((found[at] ?? Infinity) < sequence) at += 1;
    return (found[at] === sequence) !== isNegated;
  });
}

type RosterTest = Exclude<TermTest, { readonly kind: "words" }>;

function predicate(test: RosterTest): (entry: RosterEntry) => boolean {
  switch (test.kind) {
    case "field":
      return fieldPredicate(test.field, test.part);
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

function fieldPredicate(
  field: Extract<RosterTest, { kind: "field" }>["field"],
  part: string,
): (entry: RosterEntry) => boolean {
  if (field !== "addressed") return (entry) => entry[field].includes(part);
  return (entry) =>
    entry.from.includes(part) ||
    entry.to.includes(part) ||
    entry.cc.includes(part) ||
    entry.bcc.includes(part) ||
    entry.replyTo.includes(part);
}

import { parseSearch } from "../../search/parse-search.ts";
import { indexExpression } from "../../search/words.ts";
import type { InboxIdentity, MailQuery } from "../../mailbox.ts";
import type { Term, TermTest } from "../../search/term.ts";
import type { Roster, RosterEntry } from "./roster.ts";

/** Looks words up in the index: the sequence numbers of the mails that have them, ascending. */
export type LookUpWords = (expression: string) => readonly number[];

/**
 * The mails that fit a query, oldest first.
 * @throws TypeError when the query does not parse
 */
export function select(roster: Roster, query: MailQuery, lookUp: LookUpWords): readonly RosterEntry[] {
  // Parsed before anything else: a wrong query is an error in an empty mailbox too.
  const terms = parseSearch(query.query ?? "", query.timeZone);
  let entries = query.afterSequence === undefined ? roster.entries : roster.after(query.afterSequence);
  if (query.inbox) entries = entries.filter(isOfInbox(query.inbox));
  for (const term of terms) {
    if (entries.length === 0) break;
    entries = narrow(entries, term, lookUp);
  }
  return entries;
}

function isOfInbox({ address, user }: InboxIdentity): (entry: RosterEntry) => boolean {
  const folded = address.toLowerCase();
  return (entry) => entry.recipients.includes(folded) || (user !== "" && entry.user === user);
}

function narrow(
  entries: readonly RosterEntry[],
  { isNegated, test }: Term,
  lookUp: LookUpWords,
): readonly RosterEntry[] {
  if (test.kind === "words") {
    const expression = indexExpression(test.words);
    return expression === undefined ? entries : merge(entries, lookUp(expression), !isNegated);
  }
  const holds = predicate(test);
  return entries.filter((entry) => holds(entry) !== isNegated);
}

/** The entries that are among the sequence numbers, or those that are not; both lists ascend. */
function merge(
  entries: readonly RosterEntry[],
  sequences: readonly number[],
  isWanted: boolean,
): readonly RosterEntry[] {
  let at = 0;
  return entries.filter(({ sequence }) => {
    while ((sequences[at] ?? Infinity) < sequence) at += 1;
    return (sequences[at] === sequence) === isWanted;
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

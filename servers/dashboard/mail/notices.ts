import type { MailSummary } from "../../smtp/mailbox.ts";
import type { Services } from "../services.ts";
import { printPlace, type Change, type Place } from "./journal.ts";
import { summaryOf, summaryShape } from "./shapes.ts";

/** What a watcher of the mailbox is told, over server-sent events and WebSocket alike. */
export interface Notice {
  /** `prune` means: more changed than is told one by one, read the list again. `truncate`: the mailbox is empty. */
  readonly Type: "new" | "update" | "delete" | "prune" | "truncate" | "stats";
  readonly Data: unknown;
  /** Where to read on after this notice; only the last notice of a change has one. */
  readonly place?: string;
}

/** More ids than this in one change are told as `prune`. */
const mostIds = 50;
const pageSize = 200;

/** Everything that changes in the mailbox after a place, until the signal aborts. */
export async function* notices(
  services: Services,
  place: Place,
  signal: AbortSignal,
): AsyncGenerator<Notice> {
  let recovered = 0;
  for await (const { changes, isGap } of services.journal.after(place, signal)) {
    if (isGap) {
      yield { Type: "prune", Data: null };
      const missed = await mailsSince(services, place.sequence);
      for (const mail of missed) yield { Type: "new", Data: summaryShape(mail) };
      recovered = missed.at(-1)?.sequence ?? 0;
    } else {
      for (const change of changes) {
        if (change.what !== "added" || change.sequence > recovered) yield* tell(services, change);
      }
    }
    yield await stats(services, changes.at(-1) ?? services.journal.place());
  }
}

/** A change is told the same to all who watch, so it is read from the mailbox once. */
const told = new WeakMap<Change, Promise<Notice[]>>();

async function* tell(services: Services, change: Change): AsyncGenerator<Notice> {
  let telling = told.get(change);
  if (!telling) {
    telling = noticesOf(services, change);
    told.set(change, telling);
  }
  const list = await telling;
  for (const [index, notice] of list.entries()) {
    yield index === list.length - 1 ? { ...notice, place: printPlace(change) } : notice;
  }
}

async function noticesOf(services: Services, { what, ids }: Change): Promise<Notice[]> {
  const { mailbox } = services.settings.mail;
  if (what === "retired") return [{ Type: "prune", Data: null }];
  if (what === "removed") {
    if ((await mailbox.count()).total === 0) return [{ Type: "truncate", Data: null }];
    if (ids.length > mostIds) return [{ Type: "prune", Data: null }];
    return ids.map((id) => ({ Type: "delete", Data: { ID: id } }));
  }
  if (ids.length > mostIds) return [{ Type: "prune", Data: null }];
  const list: Notice[] = [];
  for (const id of ids) {
    // One that is gone by now has its own change further on.
    const mail = await mailbox.get(id);
    if (!mail) continue;
    if (what === "added") list.push({ Type: "new", Data: summaryShape(summaryOf(mail)) });
    else list.push({ Type: "update", Data: { ID: id, Read: mail.isRead, Tags: [...mail.tags] } });
  }
  return list;
}

async function stats(services: Services, place: Place): Promise<Notice> {
  const counts = await services.settings.mail.mailbox.count();
  return {
    Type: "stats",
    Data: { Total: counts.total, Unread: counts.unread, Version: services.version },
    place: printPlace(place),
  };
}

/** Oldest first. */
async function mailsSince(services: Services, sequence: number): Promise<MailSummary[]> {
  const { mailbox } = services.settings.mail;
  const mails = new Map<number, MailSummary>();
  for (let start = 0; ; start += pageSize) {
    // A mail that arrives meanwhile moves the pages by one: the same mail may be seen twice, none is left out.
    const page = await mailbox.search({ afterSequence: sequence }, { start, limit: pageSize });
    for (const mail of page.mails) mails.set(mail.sequence, mail);
    if (page.mails.length < pageSize) break;
  }
  return [...mails.values()].toSorted((a, b) => a.sequence - b.sequence);
}

import { debuglog } from "node:util";
import { summarize as summarizeLetter } from "../letter/summarize.ts";
import { openDatabase } from "./sqlite/database.ts";
import { digest } from "./sqlite/digest.ts";
import { Intake } from "./sqlite/intake.ts";
import { newMailId } from "./sqlite/mail-id.ts";
import { applyMark, uniqueTags } from "./sqlite/mark.ts";
import { Retention } from "./sqlite/retention.ts";
import { Roster, rosterEntry } from "./sqlite/roster.ts";
import { select } from "./sqlite/select.ts";
import { Tables } from "./sqlite/tables.ts";
import { Watchers } from "./sqlite/watchers.ts";
import type { DatabaseSync } from "node:sqlite";
import type { LetterSummary } from "../letter/summarize.ts";
import type {
  IncomingMail,
  Mailbox,
  MailboxCounts,
  MailboxEvent,
  MailMark,
  MailPage,
  MailQuery,
  StoredMail,
} from "../mailbox.ts";
import type { Places } from "./sqlite/select.ts";
import type { Marks, RosterEntry } from "./sqlite/roster.ts";

/** How to open a mailbox on SQLite. Every field may be left out. */
export interface SqliteMailboxOptions {
  /** The file, made when it is not there; held for this mailbox alone until it is closed. @default in memory */
  readonly file?: string;
  /** Keep this many mails; the oldest ones go first. @default no limit */
  readonly maxMails?: number;
  /** Keep mails this long. @default no limit */
  readonly maxAgeMs?: number;
  /** The clock, in milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** Reads what lists and searches need of a message; whatever it throws, the mail is kept. @default letter/summarize.ts */
  readonly summarize?: (raw: Uint8Array) => LetterSummary;
}

const debug = debuglog("portside:smtp");
/** How often a mailbox looks for mails that have become too old while nothing else happens. */
const maxAgeCheckMs = 60_000;

/**
 * A mailbox on `node:sqlite`.
 *
 * ```
 * add ──→ intake ────────────────→ tables ─────────────→ roster
 *         mails wait for others    rows, index of words  what searches ask most, in memory
 * ```
 * Storing and indexing costs least in batches, so mails wait for one another; every other call stores them first,
 * and nobody can tell. In memory a mail is accepted at once. In a file `add` resolves after the COMMIT: a mail whose
 * promise resolved survives the death of the process (not always that of the machine: WAL with `synchronous=NORMAL`).
 *
 * @throws TypeError for a wrong option; when the file cannot be opened, is no mailbox or one of a newer version
 * @throws WireError FILE_IN_USE when another process holds the file
 */
export function openSqliteMailbox(options: SqliteMailboxOptions = {}): Mailbox & AsyncDisposable {
  return new SqliteMailbox(options);
}

class SqliteMailbox implements Mailbox, AsyncDisposable {
  readonly #retention: Retention;
  readonly #now: () => number;
  readonly #database: DatabaseSync;
  readonly #tables: Tables;
  readonly #roster = new Roster();
  readonly #watchers = new Watchers();
  readonly #intake: Intake;
  readonly #ageCheck: NodeJS.Timeout | undefined;
  #lastSequence: number;

  constructor(options: SqliteMailboxOptions) {
    const { file, maxMails = Infinity, maxAgeMs = Infinity, now = Date.now } = options;
    this.#retention = new Retention({ maxMails, maxAgeMs });
    this.#now = now;
    this.#database = openDatabase(file);
    this.#tables = new Tables(this.#database);
    this.#lastSequence = this.#tables.lastSequence();
    this.#load();
    const summarize = options.summarize ?? summarizeLetter;
    this.#intake = new Intake(file !== undefined, {
      store: (mails) => this.#store(mails, summarize),
      added: (mail) => this.#watchers.tell({ type: "added", mail }),
      settled: () => this.#retainUnasked(),
    });
    this.#retain();
    if (maxAgeMs < Infinity) {
      this.#ageCheck = setInterval(() => this.#retainUnasked(), Math.min(maxAgeMs, maxAgeCheckMs)).unref();
    }
  }

  add(incoming: IncomingMail): StoredMail | Promise<StoredMail> {
    this.#checkOpen();
    if (!ArrayBuffer.isView(incoming.raw)) throw new TypeError("the raw message must be a Uint8Array");
    this.#lastSequence += 1;
    return this.#intake.take({
      sequence: this.#lastSequence,
      id: newMailId(),
      receivedAtMs: this.#now(),
      isRead: false,
      tags: uniqueTags(incoming.tags ?? []),
      raw: incoming.raw,
      envelope: incoming.envelope,
      session: incoming.session,
    });
  }

  async get(id: string | number): Promise<StoredMail | undefined> {
    this.#settle();
    const entry = this.#roster.find(id);
    return entry && this.#tables.mail(entry);
  }

  async search(
    query: MailQuery = {},
    { start = 0, limit = 50 }: { readonly start?: number; readonly limit?: number } = {},
  ): Promise<MailPage> {
    const places = this.#select(query);
    const end = Math.max(0, places.length - start);
    const page = this.#entriesAt(places.slice(Math.max(0, end - limit), end)).toReversed();
    const { isUnread } = this.#roster;
    let unreadMatches = 0;
    for (const place of places) unreadMatches += isUnread[place] ?? 0;
    return { mails: page.map((entry) => this.#tables.summary(entry)), matches: places.length, unreadMatches };
  }

  async list(query: MailQuery = {}): Promise<StoredMail[]> {
    return this.#entriesAt(this.#select(query)).map((entry) => this.#tables.mail(entry));
  }

  async count(): Promise<MailboxCounts> {
    this.#settle();
    return this.#roster.count();
  }

  async mark(which: readonly string[] | MailQuery, mark: MailMark): Promise<string[]> {
    const changes: [RosterEntry, Marks][] = [];
    for (const entry of this.#pick(which)) {
      const marks = applyMark(entry, mark);
      if (marks) changes.push([entry, marks]);
    }
    if (changes.length === 0) return [];
    this.#tables.transaction(() => {
      for (const [{ sequence }, marks] of changes) this.#tables.insertMark({ sequence, ...marks });
    });
    for (const [entry, marks] of changes) this.#roster.change(entry, marks);
    const ids = changes.map(([{ id }]) => id);
    this.#watchers.tell({ type: "marked", ids });
    return ids;
  }

  async remove(which: readonly string[] | MailQuery): Promise<string[]> {
    return this.#remove([...this.#pick(which)], "asked");
  }

  watch(listener: (event: MailboxEvent) => void): () => void {
    this.#checkOpen();
    return this.#watchers.add(listener);
  }

  async close(): Promise<void> {
    if (!this.#database.isOpen) return;
    clearInterval(this.#ageCheck);
    try {
      this.#intake.flush();
    } finally {
      this.#watchers.clear();
      this.#database.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #checkOpen(): void {
    if (!this.#database.isOpen) throw new TypeError("the mailbox is closed");
  }

  /** Bring everything up to date, as if each mail had been stored and indexed when it came. */
  #settle(): void {
    this.#checkOpen();
    this.#intake.flush();
    this.#retain();
  }

  #select(query: MailQuery): Places {
    this.#settle();
    return select(this.#roster, query, (expression, among) => this.#tables.lookUp(expression, among));
  }

  #pick(which: readonly string[] | MailQuery): Iterable<RosterEntry> {
    if (!isIds(which)) return this.#entriesAt(this.#select(which));
    this.#settle();
    return new Set(which.map((id) => this.#roster.find(id)).filter((entry) => entry !== undefined));
  }

  #entriesAt(places: Places): RosterEntry[] {
    return Array.from(places, (place) => this.#roster.entries[place]).filter((entry) => entry !== undefined);
  }

  #store(mails: readonly StoredMail[], summarize: (raw: Uint8Array) => LetterSummary): void {
    const entries: RosterEntry[] = [];
    this.#tables.transaction(() => {
      for (const mail of mails) {
        const digested = digest(mail, summarize);
        this.#tables.insert(mail, digested);
        entries.push(rosterEntry({ ...mail, size: mail.raw.byteLength }, digested.digest));
      }
    });
    for (const entry of entries) this.#enlist(entry);
  }

  #load(): void {
    try {
      for (const entry of this.#tables.entries()) this.#enlist(entry);
    } catch (error) {
      // A damaged file: it must not stay held by a mailbox that nobody has.
      this.#database.close();
      throw error;
    }
  }

  #enlist(entry: RosterEntry): void {
    this.#roster.push(entry);
    this.#retention.watch(entry);
  }

  /** Let go of the mails that are too old or too many. */
  #retain(): void {
    const now = this.#now();
    this.#remove(this.#retention.due(this.#roster.entries, now), "retention");
    this.#retention.restart(this.#roster.entries, now);
  }

  /** Retention when nobody has asked for anything: the next one who asks is told what went wrong, if it still does. */
  #retainUnasked(): void {
    try {
      this.#retain();
    } catch (error) {
      debug("old mails could not be removed: %o", error);
    }
  }

  #remove(gone: readonly RosterEntry[], reason: "asked" | "retention"): string[] {
    if (gone.length === 0) return [];
    this.#tables.transaction(() => {
      if (gone.length === this.#roster.entries.length) this.#tables.deleteAll();
      else for (const { sequence } of gone) this.#tables.delete(sequence);
    });
    this.#roster.remove(gone);
    const ids = gone.map(({ id }) => id);
    this.#watchers.tell({ type: "removed", ids, reason });
    return ids;
  }
}

function isIds(which: readonly string[] | MailQuery): which is readonly string[] {
  return Array.isArray(which);
}

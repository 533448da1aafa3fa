import type { Runs } from "./compare/runs.ts";
import type { FileJournal } from "./files/journal.ts";
import type { Inboxes } from "./mail/inboxes.ts";
import type { Journal } from "./mail/journal.ts";
import type { Tally } from "./mail/tally.ts";
import type { DashboardSettings } from "./options.ts";

/** What every route works with. */
export interface Services {
  readonly settings: DashboardSettings;
  readonly inboxes: Inboxes;
  readonly journal: Journal;
  readonly fileJournal: FileJournal;
  /** What the comparison has said; none without one. */
  readonly runs: Runs | undefined;
  readonly tally: Tally;
  readonly version: string;
  /** Aborted when the dashboard closes: whoever holds a request open lets it go. */
  readonly closing: AbortSignal;
}

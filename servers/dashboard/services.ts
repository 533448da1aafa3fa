import type { Inboxes } from "./mail/inboxes.ts";
import type { Journal } from "./mail/journal.ts";
import type { Tally } from "./mail/tally.ts";
import type { DashboardOptions } from "./options.ts";

/** What every route works with. */
export interface Services {
  readonly settings: Required<DashboardOptions>;
  readonly inboxes: Inboxes;
  readonly journal: Journal;
  readonly tally: Tally;
  readonly version: string;
  /** Aborted when the dashboard closes: whoever holds a request open lets it go. */
  readonly closing: AbortSignal;
}

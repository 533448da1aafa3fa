import { WireError } from "../../wire/errors.ts";
import { type Mail, readMail } from "./mail.ts";
import type { InboxIdentity, Mailbox, MailQuery, StoredMail } from "./mailbox.ts";
import { type MailFilter, misfits, printFilter } from "./mail-filter.ts";

export interface WaitOptions {
  /** How long to wait, in milliseconds. @default 5_000 */
  readonly timeoutMs?: number;
  /** Give up early. */
  readonly signal?: AbortSignal;
}

export interface ArrivalsOptions {
  readonly signal?: AbortSignal;
}

/** Waits for mails of one mailbox: of all, or of one inbox. It looks back to its own beginning. */
export interface MailWatcher {
  /**
   * The first mail that fits, arrived or yet to come.
   * @throws WireError TIMED_OUT; its message lists what did arrive, and why each did not fit
   */
  waitForMail(filter?: MailFilter, options?: WaitOptions): Promise<Mail>;
  /** The first `count` mails that fit. @throws WireError TIMED_OUT */
  waitForMail(filter: MailFilter, options: WaitOptions & { readonly count: number }): Promise<Mail[]>;
  /**
   * Make sure that no mail arrives that fits, for `withinMs` milliseconds from now, and that none has.
   * @throws WireError UNEXPECTED_ARRIVAL as soon as one does
   */
  expectNoMail(
    filter?: MailFilter,
    options?: { readonly withinMs?: number; readonly signal?: AbortSignal },
  ): Promise<void>;
  /** Every mail from the beginning on, in order, until the loop is left or the signal aborts. */
  arrivals(options?: ArrivalsOptions): AsyncIterableIterator<Mail>;
  /** The mails that are there now, oldest first. */
  mails(): Promise<Mail[]>;
}

/** An address and credentials of its own: what is sent to the address or by the user, and nothing else. */
export interface Inbox extends MailWatcher, InboxIdentity {
  readonly password: string;
  /** Where to send, with the credentials: `smtp://user:password@127.0.0.1:1025`. */
  readonly url: string;
}

/** Watch a mailbox, for the mails after `afterSequence` that belong to the inbox, if one is given. */
export function watchMails(
  mailbox: Mailbox,
  beginning: Pick<MailQuery, "inbox" | "afterSequence">,
): MailWatcher {
  async function* arrivals({ signal }: ArrivalsOptions = {}): AsyncIterableIterator<Mail> {
    for await (const stored of storedArrivals(mailbox, beginning, signal)) yield await readMail(stored);
  }

  async function collect(
    filter: MailFilter,
    count: number,
    { timeoutMs = 5_000, signal }: WaitOptions,
  ): Promise<Mail[]> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const found: Mail[] = [];
    const others: string[] = [];
    for await (const mail of arrivals({ signal: signal ? AbortSignal.any([signal, timeout]) : timeout })) {
      const reasons = misfits(mail, filter);
      if (reasons.length === 0) found.push(mail);
      else
        others.push(
          `  ${mail.sequence}. "${mail.subject}" from ${mail.envelope.mailFrom || "<>"}: ${reasons.join("; ")}`,
        );
      if (found.length === count) return found;
    }
    signal?.throwIfAborted();
    const arrived =
      others.length === 0 ? "nothing else arrived" : `these arrived and do not fit:\n${others.join("\n")}`;
    const wanted =
      count === 1
        ? printFilter(filter)
        : `${count} times ${printFilter(filter)} (there were ${found.length})`;
    const inbox = beginning.inbox ? ` in ${beginning.inbox.address}` : "";
    throw new WireError("TIMED_OUT", `waited ${timeoutMs} ms${inbox} for ${wanted}; ${arrived}`);
  }

  function waitForMail(filter?: MailFilter, options?: WaitOptions): Promise<Mail>;
  function waitForMail(
    filter: MailFilter,
    options: WaitOptions & { readonly count: number },
  ): Promise<Mail[]>;
  async function waitForMail(
    filter: MailFilter = {},
    options: WaitOptions & { readonly count?: number } = {},
  ): Promise<Mail | Mail[]> {
    const mails = await collect(filter, options.count ?? 1, options);
    return options.count === undefined ? mails[0]! : mails;
  }

  return {
    arrivals,
    waitForMail,
    mails: async () => Promise.all((await mailbox.list(beginning)).map(readMail)),
    expectNoMail: async (filter = {}, { withinMs = 500, signal } = {}) => {
      const timeout = AbortSignal.timeout(withinMs);
      for await (const mail of arrivals({ signal: signal ? AbortSignal.any([signal, timeout]) : timeout })) {
        if (misfits(mail, filter).length > 0) continue;
        throw new WireError(
          "UNEXPECTED_ARRIVAL",
          `expected not to get ${printFilter(filter)}; got "${mail.subject}" from ${mail.envelope.mailFrom || "<>"} to ${mail.envelope.rcptTo.map(({ address }) => address).join(", ")}`,
        );
      }
      signal?.throwIfAborted();
    },
  };
}

/** What is there, then what comes, without a gap and without a repetition. */
async function* storedArrivals(
  mailbox: Mailbox,
  { inbox, afterSequence = 0 }: Pick<MailQuery, "inbox" | "afterSequence">,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<StoredMail> {
  const arrived: StoredMail[] = [];
  let wake = (): void => {};
  const stop = mailbox.watch((event) => {
    if (event.type !== "added" || (inbox && !belongs(event.mail, inbox))) return;
    arrived.push(event.mail);
    wake();
  });
  const abort = (): void => wake();
  signal?.addEventListener("abort", abort);
  try {
    let last = afterSequence;
    arrived.unshift(...(await mailbox.list(inbox ? { inbox, afterSequence } : { afterSequence })));
    for (;;) {
      const stored = arrived.shift();
      if (stored && stored.sequence > last) {
        last = stored.sequence;
        yield stored;
      } else if (!stored) {
        if (signal?.aborted) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    stop();
    signal?.removeEventListener("abort", abort);
  }
}

/** Whether a mail was sent to the inbox's address or by its user. */
function belongs(mail: StoredMail, inbox: InboxIdentity): boolean {
  const address = inbox.address.toLowerCase();
  return (
    mail.session.auth?.user === inbox.user ||
    mail.envelope.rcptTo.some((recipient) => recipient.address.toLowerCase() === address)
  );
}

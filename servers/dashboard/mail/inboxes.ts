import type { InboxIdentity } from "../../smtp/mailbox.ts";
import type { MailFace } from "../options.ts";

/** The inboxes that were asked for over REST, each with the time at which it is forgotten and emptied. */
export interface Inboxes {
  make(lifetimeMs: number): MadeInbox;
  /** Who an inbox is, by its address; one that was not made here is known by its address alone. */
  identity(address: string): InboxIdentity;
  close(): void;
}

export interface MadeInbox {
  readonly address: string;
  readonly user: string;
  readonly password: string;
  readonly expiresAtMs: number;
}

// A longer delay overflows the timer and would fire at once.
const longestTimerMs = 2 ** 31 - 1;

export function inboxesOf(mail: MailFace): Inboxes {
  const made = new Map<string, { inbox: MadeInbox; timer: NodeJS.Timeout }>();
  const forget = (address: string): void => {
    const entry = made.get(address);
    made.delete(address);
    // A mailbox that closes meanwhile has nothing left to empty.
    if (entry) mail.mailbox.remove({ inbox: { address, user: entry.inbox.user } }).catch(() => {});
  };
  return {
    make(lifetimeMs) {
      const { address, user, password } = mail.inbox();
      const inbox = { address, user, password, expiresAtMs: Date.now() + lifetimeMs };
      const timer = setTimeout(() => forget(address), Math.min(lifetimeMs, longestTimerMs)).unref();
      made.set(address, { inbox, timer });
      return inbox;
    },
    identity(address) {
      // The address as user: an empty one would stand for everybody who did not log in.
      return { address, user: made.get(address)?.inbox.user ?? address };
    },
    close() {
      for (const { timer } of made.values()) clearTimeout(timer);
      made.clear();
    },
  };
}

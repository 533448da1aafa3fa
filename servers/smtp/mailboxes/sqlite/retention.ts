import type { RosterEntry } from "./roster.ts";

/** How much a mailbox keeps; `Infinity` for no limit. */
export interface RetentionLimits {
  readonly maxMails: number;
  readonly maxAgeMs: number;
}

/** Knows which mails have to go. It removes nothing itself. */
export class Retention {
  readonly #limits: RetentionLimits;
  /** No mail is too old before this time; so most of the time nobody has to look. */
  #nextExpiryMs = Infinity;

  /** @throws TypeError for a limit that is no positive integer */
  constructor(limits: RetentionLimits) {
    for (const [name, value] of Object.entries(limits)) {
      if (value === Infinity || (Number.isInteger(value) && value > 0)) continue;
      throw new TypeError(`${name} must be a positive integer, or left out for no limit; got ${value}`);
    }
    this.#limits = limits;
  }

  /** Remember when a mail will be too old. */
  watch({ receivedAtMs }: RosterEntry): void {
    this.#nextExpiryMs = Math.min(this.#nextExpiryMs, receivedAtMs + this.#limits.maxAgeMs);
  }

  /**
   * The mails that are too old, whatever their order, and the oldest of those that are too many.
   * @param entries all mails, oldest first
   */
  due(entries: readonly RosterEntry[], now: number): readonly RosterEntry[] {
    const isDue = now >= this.#nextExpiryMs;
    const young = isDue ? entries.filter((entry) => !this.#isTooOld(entry, now)) : entries;
    const tooMany = Math.max(0, young.length - this.#limits.maxMails);
    if (young.length === entries.length) return entries.slice(0, tooMany);
    const kept = new Set(young.slice(tooMany));
    return entries.filter((entry) => !kept.has(entry));
  }

  /** Look ahead again, after the mails that were due are gone. */
  restart(entries: readonly RosterEntry[], now: number): void {
    if (now < this.#nextExpiryMs) return;
    this.#nextExpiryMs = Infinity;
    for (const entry of entries) this.watch(entry);
  }

  #isTooOld({ receivedAtMs }: RosterEntry, now: number): boolean {
    return receivedAtMs + this.#limits.maxAgeMs <= now;
  }
}

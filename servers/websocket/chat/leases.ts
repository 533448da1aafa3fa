import type { Bus } from "../../../wire/bus.ts";

/** Who holds a nick. */
export interface Holder {
  readonly process: string;
  /** The connection, as that process counts them. */
  readonly session: number;
  /** What only the client knows: with it, it may take its nick back from a connection that is dead. */
  readonly token: string;
}

/** What a process does beside renewing. */
export interface LeaseKeeper {
  readonly process: string;
  readonly leaseMs: number;
  /** Called after each renewal: the time to look after others. */
  readonly renewed: () => Promise<void>;
  /** A nick, as it is compared, that was ours and that somebody else holds now. */
  readonly lost: (nick: string) => void;
}

/**
 * What processes hold for a time, and hold on to while they live: nicks, and their own name. When a process is killed,
 * all of that is free again after `leaseMs`.
 *
 * A process that stood still for longer than that finds its nicks held by others. So what is held is never written
 * again: its time is extended first, whoever holds it, and then it is looked at. What is seen then cannot change for
 * `leaseMs`, and only what is ours is renewed, replaced or removed.
 */
export class Leases {
  readonly process: string;
  readonly #bus: Bus;
  readonly #prefix: string;
  readonly #leaseMs: number;
  readonly #lost: (nick: string) => void;
  /** By nick, as it is compared: what is written for it. */
  readonly #held = new Map<string, string>();
  readonly #timer: NodeJS.Timeout;

  constructor(bus: Bus, prefix: string, { process, leaseMs, renewed, lost }: LeaseKeeper) {
    this.#bus = bus;
    this.#prefix = prefix;
    this.#leaseMs = leaseMs;
    this.#lost = lost;
    this.process = process;
    this.#timer = setInterval(() => {
      // A bus that is gone for a moment is asked again next time.
      this.#renew()
        .then(renewed)
        .catch(() => {});
    }, leaseMs / 3).unref();
  }

  /** Say that this process lives. */
  async begin(): Promise<void> {
    await this.#renew();
  }

  /** Whether that process lives. */
  async isAlive(process: string): Promise<boolean> {
    return process === this.process || (await this.#bus.get(this.#processKey(process))) !== undefined;
  }

  /** Who holds a nick, written as it is compared. */
  async holder(nick: string): Promise<Holder | undefined> {
    const written = await this.#bus.get(this.#nickKey(nick));
    return written === undefined ? undefined : (JSON.parse(written) as Holder);
  }

  /** @returns whether it is ours now */
  async claim(nick: string, holder: Holder): Promise<boolean> {
    const written = JSON.stringify(holder);
    if (!(await this.#claim(nick, written))) return false;
    this.#held.set(nick, written);
    return true;
  }

  /** Take a nick from a holder that is known to be gone. @returns whether it is ours now */
  async takeOver(nick: string, { gone, holder }: { gone: Holder; holder: Holder }): Promise<boolean> {
    const key = this.#nickKey(nick);
    const written = JSON.stringify(holder);
    const now = await this.#pinned(key);
    if (now === undefined) return await this.claim(nick, holder);
    if ((JSON.parse(now) as Holder).token !== gone.token) return false;
    await this.#bus.set(key, written, { ttlMs: this.#leaseMs });
    this.#held.set(nick, written);
    return true;
  }

  async release(nick: string): Promise<void> {
    const written = this.#held.get(nick);
    if (written === undefined) return;
    this.#held.delete(nick);
    const key = this.#nickKey(nick);
    if ((await this.#pinned(key)) === written) await this.#bus.remove(key);
  }

  /** Give everything back. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([
      ...[...this.#held.keys()].map((nick) => this.release(nick)),
      this.#bus.remove(this.#processKey(this.process)),
    ]);
  }

  async #renew(): Promise<void> {
    await Promise.all([
      this.#bus.set(this.#processKey(this.process), "lives", { ttlMs: this.#leaseMs }),
      ...[...this.#held].map(([nick, written]) => this.#renewNick(nick, written)),
    ]);
  }

  async #renewNick(nick: string, written: string): Promise<void> {
    const now = await this.#pinned(this.#nickKey(nick));
    // It may have been given back in the meantime.
    if (now === written || this.#held.get(nick) !== written) return;
    if (now === undefined && (await this.#claim(nick, written))) {
      if (this.#held.get(nick) !== written) await this.#bus.remove(this.#nickKey(nick));
      return;
    }
    this.#held.delete(nick);
    this.#lost(nick);
  }

  async #claim(nick: string, written: string): Promise<boolean> {
    return await this.#bus.set(this.#nickKey(nick), written, { isNew: true, ttlMs: this.#leaseMs });
  }

  /** What is written, which nobody else can take for `leaseMs` from now on. */
  async #pinned(key: string): Promise<string | undefined> {
    const [, written] = await Promise.all([this.#bus.expire(key, this.#leaseMs), this.#bus.get(key)]);
    return written;
  }

  #processKey(process: string): string {
    return `${this.#prefix}:lives:${process}`;
  }

  #nickKey(nick: string): string {
    return `${this.#prefix}:nick:${nick}`;
  }
}

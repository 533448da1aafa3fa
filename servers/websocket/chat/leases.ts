import type { Bus } from "../../../wire/bus.ts";

/** Who holds a nick. */
export interface Holder {
  readonly process: string;
  /** The connection, as that process counts them. */
  readonly session: number;
  /** What only the client knows: with it, it may take its nick back from a connection that is dead. */
  readonly token: string;
  /** What others may know of him wherever they are: from his registration on. */
  readonly about?: About | undefined;
}

/** What somebody says of himself. */
export interface About {
  readonly nick: string;
  readonly user: string;
  readonly host: string;
  readonly realName: string;
  /** Why he is away. */
  readonly away: string | undefined;
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
  /** By nick, as it is compared. */
  readonly #held = new Map<string, Holder>();
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
    return readHolder(await this.#bus.get(this.#nickKey(nick)));
  }

  /** @returns whether it is ours now */
  async claim(nick: string, holder: Holder): Promise<boolean> {
    if (!(await this.#claim(nick, holder))) return false;
    this.#held.set(nick, holder);
    return true;
  }

  /** Take a nick from a holder that is known to be gone. @returns whether it is ours now */
  async takeOver(nick: string, { gone, holder }: { gone: Holder; holder: Holder }): Promise<boolean> {
    const now = await this.#pinned(nick);
    if (now === undefined) return await this.claim(nick, holder);
    if (now.token !== gone.token) return false;
    await this.#write(nick, holder);
    this.#held.set(nick, holder);
    return true;
  }

  /** Write what others shall know of a nick that is ours. */
  async describe(nick: string, holder: Holder): Promise<void> {
    const written = await this.#pinned(nick);
    // It may have been given back in the meantime; from here on, that comes after this.
    if (written?.token !== holder.token || this.#held.get(nick)?.token !== holder.token) return;
    this.#held.set(nick, holder);
    await this.#write(nick, holder);
  }

  async release(nick: string): Promise<void> {
    const holder = this.#held.get(nick);
    if (holder === undefined) return;
    this.#held.delete(nick);
    if ((await this.#pinned(nick))?.token === holder.token) await this.#bus.remove(this.#nickKey(nick));
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
      ...[...this.#held].map(([nick, holder]) => this.#renewNick(nick, holder)),
    ]);
  }

  async #renewNick(nick: string, holder: Holder): Promise<void> {
    const now = await this.#pinned(nick);
    const isHeld = (): boolean => this.#held.get(nick)?.token === holder.token;
    // It may have been given back in the meantime.
    if (now?.token === holder.token || !isHeld()) return;
    if (now === undefined && (await this.#claim(nick, holder))) {
      if (!isHeld()) await this.#bus.remove(this.#nickKey(nick));
      return;
    }
    this.#held.delete(nick);
    this.#lost(nick);
  }

  async #claim(nick: string, holder: Holder): Promise<boolean> {
    const options = { isNew: true, ttlMs: this.#leaseMs };
    return await this.#bus.set(this.#nickKey(nick), JSON.stringify(holder), options);
  }

  async #write(nick: string, holder: Holder): Promise<void> {
    await this.#bus.set(this.#nickKey(nick), JSON.stringify(holder), { ttlMs: this.#leaseMs });
  }

  /** Who holds it, which cannot change for `leaseMs` from now on. */
  async #pinned(nick: string): Promise<Holder | undefined> {
    const key = this.#nickKey(nick);
    // Another process may hold what it holds for longer than we do; that must not become less.
    const extended = this.#bus.expire(key, this.#leaseMs, { isExtension: true });
    const [, written] = await Promise.all([extended, this.#bus.get(key)]);
    return readHolder(written);
  }

  #processKey(process: string): string {
    return `${this.#prefix}:lives:${process}`;
  }

  #nickKey(nick: string): string {
    return `${this.#prefix}:nick:${nick}`;
  }
}

function readHolder(written: string | undefined): Holder | undefined {
  return written === undefined ? undefined : (JSON.parse(written) as Holder);
}

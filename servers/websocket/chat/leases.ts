import type { Bus } from "../../../wire/bus.ts";

/** Who holds a nick. */
export interface Holder {
  readonly process: string;
  /** The connection, as that process counts them. */
  readonly session: number;
  /** What only the client knows: with it, it may take its nick back from a connection that is dead. */
  readonly token: string;
}

/**
 * What processes hold for a time, and hold on to while they live: nicks, and their own name. When a process is killed,
 * all of that is free again after `leaseMs`.
 */
export class Leases {
  readonly process: string;
  readonly #bus: Bus;
  readonly #prefix: string;
  readonly #leaseMs: number;
  readonly #held = new Map<string, string>();
  readonly #timer: NodeJS.Timeout;

  /** @param renewed called after each renewal: the time to look after others */
  constructor(
    bus: Bus,
    prefix: string,
    { process, leaseMs, renewed }: { process: string; leaseMs: number; renewed: () => Promise<void> },
  ) {
    this.#bus = bus;
    this.#prefix = prefix;
    this.#leaseMs = leaseMs;
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
    const key = this.#nickKey(nick);
    const written = JSON.stringify(holder);
    if (!(await this.#bus.set(key, written, { isNew: true, ttlMs: this.#leaseMs }))) return false;
    this.#held.set(key, written);
    return true;
  }

  /** Take a nick from a holder that is known to be gone. */
  async takeOver(nick: string, holder: Holder): Promise<void> {
    const key = this.#nickKey(nick);
    const written = JSON.stringify(holder);
    await this.#bus.set(key, written, { ttlMs: this.#leaseMs });
    this.#held.set(key, written);
  }

  async release(nick: string): Promise<void> {
    const key = this.#nickKey(nick);
    if (this.#held.delete(key)) await this.#bus.remove(key);
  }

  /** Give everything back. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const keys = [...this.#held.keys(), this.#processKey(this.process)];
    this.#held.clear();
    await Promise.all(keys.map((key) => this.#bus.remove(key)));
  }

  async #renew(): Promise<void> {
    const options = { ttlMs: this.#leaseMs };
    await Promise.all([
      this.#bus.set(this.#processKey(this.process), "lives", options),
      ...[...this.#held].map(([key, written]) => this.#bus.set(key, written, options)),
    ]);
  }

  #processKey(process: string): string {
    return `${this.#prefix}:lives:${process}`;
  }

  #nickKey(nick: string): string {
    return `${this.#prefix}:nick:${nick}`;
  }
}

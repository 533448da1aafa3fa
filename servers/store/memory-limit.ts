import type { Database } from "./database.ts";
import { weigh } from "./value.ts";

/** What happens when the limit is reached: refuse what needs memory, or remove what was not used for longest. */
export type EvictionPolicy = "noeviction" | "allkeys-lru";

/**
 * How much the keys and values take together, and who goes when that is too much. Nothing is counted without a limit.
 */
export class MemoryLimit {
  policy: EvictionPolicy;
  #maxBytes: number;
  #bytes = 0;
  evicted = 0;
  readonly #databases: readonly Database[];
  /** What each key was weighed as, for each database; the one that was not used for longest is the first. */
  #weights: Map<string, number>[] = [];

  constructor(databases: readonly Database[], maxBytes: number, policy: EvictionPolicy) {
    this.#databases = databases;
    this.policy = policy;
    this.#maxBytes = 0;
    this.maxBytes = maxBytes;
  }

  get isOn(): boolean {
    return this.#maxBytes > 0;
  }

  /** 0 is no limit. */
  get maxBytes(): number {
    return this.#maxBytes;
  }

  set maxBytes(bytes: number) {
    const wasOn = this.isOn;
    this.#maxBytes = bytes;
    if (this.isOn && !wasOn) this.#weighAll();
    if (!this.isOn) this.#weights = [];
  }

  /** Bytes of all keys and values, about. */
  get bytes(): number {
    if (this.isOn) return this.#bytes;
    let bytes = 0;
    for (const { entries } of this.#databases) for (const [key, value] of entries) bytes += weigh(key, value);
    return bytes;
  }

  used({ index }: Database, key: string): void {
    if (this.policy !== "allkeys-lru") return;
    const weights = this.#weights[index]!;
    const weight = weights.get(key);
    if (weight === undefined) return;
    weights.delete(key);
    weights.set(key, weight);
  }

  changed({ index, entries }: Database, key: string): void {
    const weights = this.#weights[index]!;
    this.#bytes -= weights.get(key) ?? 0;
    weights.delete(key);
    const value = entries.get(key);
    if (value === undefined) return;
    const weight = weigh(key, value);
    weights.set(key, weight);
    this.#bytes += weight;
  }

  /** @returns whether there is room, after `remove` has been called for what had to go */
  makeRoom(remove: (db: Database, key: string) => void): boolean {
    if (this.policy === "allkeys-lru") {
      while (this.#bytes > this.#maxBytes) {
        const index = this.#fullest();
        const oldest = this.#weights[index]?.keys().next().value;
        if (oldest === undefined) break;
        remove(this.#databases[index]!, oldest);
        this.evicted++;
      }
    }
    return this.#bytes <= this.#maxBytes;
  }

  /** The database with the most keys: where the least is lost with one. */
  #fullest(): number {
    let fullest = 0;
    for (const [index, { size }] of this.#weights.entries())
      if (size > this.#weights[fullest]!.size) fullest = index;
    return fullest;
  }

  #weighAll(): void {
    this.#bytes = 0;
    this.#weights = this.#databases.map(({ entries }) => {
      const weights = new Map<string, number>();
      for (const [key, value] of entries) {
        const weight = weigh(key, value);
        weights.set(key, weight);
        this.#bytes += weight;
      }
      return weights;
    });
  }
}

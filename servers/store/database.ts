import type { Clock } from "../../wire/clock.ts";
import { Keyspace } from "./keyspace.ts";
import { refuseKind } from "./refusal.ts";
import type { Value } from "./value.ts";

/** Whoever has to know what happens to keys. */
export interface Keeper {
  readonly clock: Clock;
  /** Keys do not expire while the file is read: it says itself which are gone. */
  readonly isLoading: boolean;
  changed(database: Database, key: string): void;
  expired(database: Database, key: string): void;
  used(database: Database, key: string): void;
  /** Keys were used or changed in the sense of the memory limit; nothing is told when there is none. */
  readonly isCounting: boolean;
}

/** Made when a key is written that is not there. */
type Kind<Of> = new () => Of;

/** One numbered database: keys with values, some until a time. */
export class Database {
  readonly index: number;
  entries = new Keyspace<Value>();
  /** When a key ends, in milliseconds since the epoch. */
  expiries = new Map<string, number>();
  /** Called with every key before anything is done with it; how a snapshot sees values as they were. */
  onTouch: ((key: string) => void) | undefined;
  readonly #keeper: Keeper;

  constructor(index: number, keeper: Keeper) {
    this.index = index;
    this.#keeper = keeper;
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: string): Value | undefined {
    if (this.expiries.size > 0) this.expireIfDue(key);
    if (this.onTouch !== undefined) this.onTouch(key);
    if (this.#keeper.isCounting) this.#keeper.used(this, key);
    return this.entries.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** @throws Refusal when the key holds something else */
  string(key: string): string | undefined {
    const value = this.get(key);
    return value === undefined || typeof value === "string" ? value : refuseKind();
  }

  /** @throws Refusal when the key holds something else */
  of<Of extends Exclude<Value, string>>(key: string, kind: Kind<Of>): Of | undefined {
    const value = this.get(key);
    return value === undefined || value instanceof kind ? value : refuseKind();
  }

  /** What the key holds, or a new one that is put there. @throws Refusal when the key holds something else */
  made<Of extends Exclude<Value, string>>(key: string, kind: Kind<Of>): Of {
    const value = this.of(key, kind);
    if (value !== undefined) return value;
    const made = new kind();
    this.entries.set(key, made);
    return made;
  }

  /** Put a value in the place of whatever is there; the key lasts for ever. */
  set(key: string, value: Value): void {
    if (this.onTouch !== undefined) this.onTouch(key);
    this.entries.set(key, value);
    if (this.expiries.size > 0) this.expiries.delete(key);
    this.#keeper.changed(this, key);
  }

  /** Put a value in the place of the one that is there; the key lasts as long as it did. */
  replace(key: string, value: Value): void {
    if (this.onTouch !== undefined) this.onTouch(key);
    this.entries.set(key, value);
    this.#keeper.changed(this, key);
  }

  /** What a key holds has changed; a collection without members is removed. */
  changed(key: string): void {
    const value = this.entries.get(key);
    if (value !== undefined && typeof value !== "string" && value.size === 0 && value.type !== "stream")
      this.#drop(key);
    this.#keeper.changed(this, key);
  }

  /** @returns whether it was there */
  remove(key: string): boolean {
    if (!this.has(key)) return false;
    this.#drop(key);
    this.#keeper.changed(this, key);
    return true;
  }

  expireAt(key: string, atMs: number): void {
    if (this.onTouch !== undefined) this.onTouch(key);
    this.expiries.set(key, atMs);
    this.#keeper.changed(this, key);
  }

  /** @returns whether it would have ended */
  persist(key: string): boolean {
    if (this.onTouch !== undefined) this.onTouch(key);
    if (!this.expiries.delete(key)) return false;
    this.#keeper.changed(this, key);
    return true;
  }

  /** Remove a key whose time has come. @returns whether it had */
  expireIfDue(key: string): boolean {
    const atMs = this.expiries.get(key);
    if (atMs === undefined || this.#keeper.isLoading || atMs > this.#keeper.clock.now()) return false;
    if (this.onTouch !== undefined) this.onTouch(key);
    this.#drop(key);
    this.#keeper.expired(this, key);
    return true;
  }

  /** Remove all keys at once. Both are new ones: who iterates the old ones still sees what was there. */
  clear(): void {
    const keys = this.entries.keys();
    this.entries = new Keyspace();
    this.expiries = new Map();
    this.onTouch = undefined;
    for (const key of keys) this.#keeper.changed(this, key);
  }

  /** Exchange everything with another database. */
  swap(other: Database): void {
    const { entries, expiries, onTouch } = this;
    Object.assign(this, { entries: other.entries, expiries: other.expiries, onTouch: other.onTouch });
    Object.assign(other, { entries, expiries, onTouch });
    for (const database of [this, other])
      for (const key of database.entries.keys()) this.#keeper.changed(database, key);
  }

  #drop(key: string): void {
    this.entries.delete(key);
    this.expiries.delete(key);
  }
}

import type { Database } from "./database.ts";

/** Looks for keys whose time has come, some at a time, and goes on where it stopped. */
export class Sweep {
  readonly #database: Database;
  #expiries: ReadonlyMap<string, number> | undefined;
  #keys: Iterator<string, undefined> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Look at so many keys at most, and remove those that are due. */
  look(most: number): void {
    const { expiries } = this.#database;
    if (expiries.size === 0) return;
    // The map is another one after FLUSHDB.
    if (this.#expiries !== expiries) this.#keys = undefined;
    this.#expiries = expiries;
    for (let looked = 0; looked < most; looked++) {
      this.#keys ??= expiries.keys();
      const { done, value } = this.#keys.next();
      if (done) {
        this.#keys = undefined;
        return;
      }
      this.#database.expireIfDue(value);
    }
  }
}

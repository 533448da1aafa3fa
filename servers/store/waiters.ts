import type { Client } from "./client.ts";
import type { Database } from "./database.ts";

/** Somebody who waits until keys have something for him. */
interface Waiter {
  readonly db: Database;
  readonly keys: readonly string[];
  /** @returns the reply, when the key has something for him now */
  readonly serve: (key: string) => string | undefined;
  readonly settle: (reply: string) => void;
}

/** Clients blocked by BLPOP, XREAD BLOCK and their like: for each key in the order in which they came. */
export class Waiters {
  readonly #byKey = new Map<Database, Map<string, Set<Waiter>>>();
  readonly #ready: { readonly db: Database; readonly key: string }[] = [];
  #isServing = false;
  #count = 0;

  /** Clients that wait. */
  get size(): number {
    return this.#count;
  }

  /**
   * Wait for one of the keys.
   * @param timeoutMs 0 waits for ever
   * @param otherwise the reply when nothing came in time
   */
  wait(
    client: Client,
    keys: readonly string[],
    timeoutMs: number,
    serve: (key: string) => string | undefined,
    otherwise: string,
  ): Promise<string> {
    const { db } = client;
    return new Promise((resolve) => {
      let callOff = (): void => {};
      const settle = (reply: string): void => {
        this.#forget(waiter);
        client.unblock = undefined;
        callOff();
        resolve(reply);
      };
      const waiter: Waiter = { db, keys, serve, settle };
      this.#count++;
      let places = this.#byKey.get(db);
      if (!places) this.#byKey.set(db, (places = new Map()));
      for (const key of keys) {
        const waiting = places.get(key);
        if (waiting) waiting.add(waiter);
        else places.set(key, new Set([waiter]));
      }
      if (timeoutMs > 0) callOff = client.engine.clock.after(timeoutMs, () => settle(otherwise));
      client.unblock = (reply = otherwise) => settle(reply);
    });
  }

  /** A key has changed. */
  changed(db: Database, key: string): void {
    if (this.#byKey.get(db)?.has(key)) this.#ready.push({ db, key });
  }

  /** Serve those whose keys have changed since the last time, first come, first served. */
  serveReady(): void {
    if (this.#isServing) return;
    this.#isServing = true;
    for (let next = this.#ready.shift(); next; next = this.#ready.shift()) {
      const { db, key } = next;
      for (const waiter of this.#byKey.get(db)?.get(key) ?? []) {
        const reply = waiter.serve(key);
        if (reply !== undefined) waiter.settle(reply);
      }
    }
    this.#isServing = false;
  }

  #forget(waiter: Waiter): void {
    this.#count--;
    const places = this.#byKey.get(waiter.db);
    for (const key of waiter.keys) {
      const waiting = places?.get(key);
      waiting?.delete(waiter);
      if (waiting?.size === 0) places?.delete(key);
    }
    if (places?.size === 0) this.#byKey.delete(waiter.db);
  }
}

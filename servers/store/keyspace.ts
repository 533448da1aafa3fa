/**
 * Keys and their values in the order in which the keys came, as a Map keeps them. A Map of Node looks at the string of
 * every key that shares a bucket; here the hashes stand side by side, and a string is looked at when its hash fits.
 * With 100,000 keys that halves what a look costs, which is most of what a GET costs:
 *
 * ```
 * hash of key ─► heads ─► links (hash, next) ─► keys, values
 * ```
 *
 * A key that is removed leaves a gap, and gaps go when the rows are full. Iterators live through all of it: one that
 * stands in rows which were replaced goes on in those that came after.
 */
export class Keyspace<Value> {
  #rows = new Rows<Value>(fewest);
  /** Which keys share a bucket is not known outside. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32);

  get size(): number {
    return this.#rows.live;
  }

  get(key: string): Value | undefined {
    const rows = this.#rows;
    const row = rows.find(key, hashOf(key, this.#seed));
    return row === none ? undefined : rows.values[row];
  }

  set(key: string, value: Value): void {
    const hash = hashOf(key, this.#seed);
    const row = this.#rows.find(key, hash);
    if (row !== none) {
      this.#rows.values[row] = value;
      return;
    }
    if (this.#rows.isFull) this.#rows = this.#rows.rebuilt();
    this.#rows.add(key, hash, value);
  }

  /** @returns whether it was there */
  delete(key: string): boolean {
    return this.#rows.remove(key, hashOf(key, this.#seed));
  }

  /** One of the keys by chance. */
  anyKey(): string | undefined {
    const { keys, live } = this.#rows;
    if (live === 0) return undefined;
    for (let tries = 0; tries < patience; tries++) {
      const key = keys[Math.floor(Math.random() * keys.length)];
      if (key !== undefined) return key;
    }
    return this.keys().next().value;
  }

  /** Keys that are added or removed meanwhile are heeded. */
  *keys(): Generator<string, undefined> {
    for (const [key] of this) yield key;
    return undefined;
  }

  *[Symbol.iterator](): Generator<[string, Value], undefined> {
    let rows = this.#rows;
    for (let row = 0; ; row++) {
      for (; rows.successor; rows = rows.successor.rows)
        row = rows.successor.places[row] ?? rows.successor.end;
      if (row >= rows.keys.length) return undefined;
      const key = rows.keys[row];
      if (key !== undefined) yield [key, rows.values[row]!];
    }
  }
}

const none = -1;
const fewest = 16;
const patience = 64;

/** The rows of a keyspace until they are full. */
class Rows<Value> {
  readonly keys: (string | undefined)[] = [];
  readonly values: (Value | undefined)[] = [];
  /** How many rows are no gaps. */
  live = 0;
  /** What took the place of these rows, and where each of them is now; `end` stands for those behind the last. */
  successor: { readonly rows: Rows<Value>; readonly places: Int32Array; readonly end: number } | undefined;
  readonly #capacity: number;
  /** The newest row of each bucket. */
  readonly #heads: Int32Array;
  /** For each row its hash, and the next one of its bucket. */
  readonly #links: Int32Array;

  /** @param capacity a power of two */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#heads = new Int32Array(capacity).fill(none);
    this.#links = new Int32Array(2 * capacity);
  }

  get isFull(): boolean {
    return this.keys.length === this.#capacity;
  }

  find(key: string, hash: number): number {
    const links = this.#links;
    let row = this.#heads[hash & (this.#capacity - 1)]!;
    while (row !== none && !(links[2 * row] === hash && this.keys[row] === key)) row = links[2 * row + 1]!;
    return row;
  }

  /** Add a key that is not there. */
  add(key: string, hash: number, value: Value): void {
    const row = this.keys.length;
    const bucket = hash & (this.#capacity - 1);
    this.keys.push(key);
    this.values.push(value);
    this.#links[2 * row] = hash;
    this.#links[2 * row + 1] = this.#heads[bucket]!;
    this.#heads[bucket] = row;
    this.live++;
  }

  remove(key: string, hash: number): boolean {
    const row = this.find(key, hash);
    if (row === none) return false;
    const links = this.#links;
    const next = links[2 * row + 1]!;
    const bucket = hash & (this.#capacity - 1);
    if (this.#heads[bucket] === row) this.#heads[bucket] = next;
    else {
      let before = this.#heads[bucket]!;
      while (links[2 * before + 1] !== row) before = links[2 * before + 1]!;
      links[2 * before + 1] = next;
    }
    this.keys[row] = undefined;
    this.values[row] = undefined;
    this.live--;
    return true;
  }

  /** The same without gaps, and with room for as many again. */
  rebuilt(): Rows<Value> {
    let capacity = fewest;
    while (capacity < 2 * this.live) capacity *= 2;
    const rows = new Rows<Value>(capacity);
    const places = new Int32Array(this.keys.length);
    for (const [row, key] of this.keys.entries()) {
      places[row] = rows.live;
      if (key !== undefined) rows.add(key, this.#links[2 * row]!, this.values[row]!);
    }
    this.successor = { rows, places, end: rows.live };
    return rows;
  }
}

/** FNV-1a over the characters, each of them a byte; the upper bits are mixed into the lower, which choose the bucket. */
function hashOf(key: string, seed: number): number {
  let hash = seed | 0;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash ^ (hash >>> 15);
}

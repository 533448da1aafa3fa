/**
 * Numbers that look like chance and follow from a seed (sfc32, of the PractRand suite). Only whole numbers of 32 bits,
 * so every machine draws the same.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  /** @param name another name, other numbers: each symbol draws for itself */
  constructor(seed: number, name: string) {
    this.#a = seed >>> 0;
    this.#b = Math.floor(seed / 2 ** 32) >>> 0;
    this.#c = 0x811c9dc5;
    for (const letter of name) this.#c = Math.imul(this.#c ^ letter.codePointAt(0)!, 0x01000193);
    // The first numbers still show the seed.
    for (let warmUp = 0; warmUp < 16; warmUp++) this.next();
  }

  /** 32 bits. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** Where it is, to go on from there later. */
  save(): readonly number[] {
    return [this.#a, this.#b, this.#c, this.#count];
  }

  restore([a = 0, b = 0, c = 0, count = 1]: readonly number[]): void {
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#count = count;
  }

  /** A whole number from 0 that is less than `limit`, which is at most 2³². */
  below(limit: number): number {
    return Math.floor((this.next() / 2 ** 32) * limit);
  }

  /** True in so many of a hundred cases. */
  percent(chance: number): boolean {
    return this.below(100) < chance;
  }

  /** Like `below`, but small numbers are likelier: half of them are in the first quarter. */
  low(limit: number): number {
    return Math.min(this.below(limit), this.below(limit));
  }
}

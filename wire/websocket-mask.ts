import { randomFillSync } from "node:crypto";

/**
 * Masks or unmasks bytes where they stand (RFC 6455 section 5.3).
 * @param phase how many bytes of this frame came before, so that a frame can be unmasked piece by piece
 */
export function applyMask(bytes: Uint8Array, mask: Uint8Array, phase: number): void {
  for (let at = 0; at < 4; at++) key[at] = mask[(phase + at) & 3]!;
  new Unmasker(bytes).xor(0, bytes.length);
}

/** Unmasks frame after frame where they stand in one piece of bytes. */
export class Unmasker {
  readonly #bytes: Uint8Array;
  /** The whole words of the bytes; made for the first frame that is worth it. */
  #words: Int32Array | undefined;
  /** How many bytes stand in front of the first whole word. */
  readonly #odd: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#odd = (4 - (bytes.byteOffset & 3)) & 3;
  }

  /** Unmask the bytes from `from` to `to`, with the mask that stands at `maskAt`. */
  unmask(maskAt: number, from: number, to: number): void {
    const bytes = this.#bytes;
    for (let at = 0; at < 4; at++) key[at] = bytes[maskAt + at]!;
    this.xor(from, to);
  }

  /** The same with the mask that is in `key`. */
  xor(from: number, to: number): void {
    const bytes = this.#bytes;
    // Below some fifty bytes the words are not worth their arithmetic.
    if (to - from < 48) {
      for (let at = from; at < to; at++) bytes[at]! ^= key[(at - from) & 3]!;
      return;
    }
    const words = (this.#words ??= this.#wholeWords());
    const firstWord = (from - this.#odd + 3) >> 2;
    const endWord = (to - this.#odd) >> 2;
    const begin = firstWord * 4 + this.#odd;
    const end = endWord * 4 + this.#odd;
    for (let at = from; at < begin; at++) bytes[at]! ^= key[(at - from) & 3]!;
    for (let at = end; at < to; at++) bytes[at]! ^= key[(at - from) & 3]!;
    for (let at = 0; at < 4; at++) turnedKey[at] = key[(begin - from + at) & 3]!;
    const word = turnedWord[0]!;
    let index = firstWord;
    // Eight at a time is twice as fast as one at a time.
    for (const last = endWord - 7; index < last; index += 8) {
      words[index]! ^= word;
      words[index + 1]! ^= word;
      words[index + 2]! ^= word;
      words[index + 3]! ^= word;
      words[index + 4]! ^= word;
      words[index + 5]! ^= word;
      words[index + 6]! ^= word;
      words[index + 7]! ^= word;
    }
    for (; index < endWord; index++) words[index]! ^= word;
  }

  #wholeWords(): Int32Array {
    const { buffer, byteOffset, length } = this.#bytes;
    return new Int32Array(buffer, byteOffset + this.#odd, (length - this.#odd) >> 2);
  }
}

/** The mask in use, and turned for the first whole word, as bytes and as a word of this machine's byte order. */
const key = new Uint8Array(4);
const turnedKey = new Uint8Array(4);
const turnedWord = new Int32Array(turnedKey.buffer);

/** Random bytes for masks, made for two thousand at a time. */
const randomness = Buffer.alloc(8_192);
let spent = randomness.length;

/** A mask that nobody can know before (RFC 6455 section 5.3). */
export function freshMask(): Uint8Array {
  if (spent === randomness.length) {
    randomFillSync(randomness);
    spent = 0;
  }
  return randomness.subarray(spent, (spent += 4));
}

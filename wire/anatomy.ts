/**
 * Bytes, and a word on each of them: a conversation is cut into its parts (a frame, a head, a reply), and each part into
 * the fields that its standard names. Pure, and the same for who asks and who answers; the bytes come from whoever
 * listened.
 *
 *     conversation ── cut ──▶ parts ──▶ fields: where, how long, what it says, what that means, who says so
 */

/** Which side said it. */
export type Speaker = "client" | "server";

/** Some bytes, or some bits of them, that mean one thing. */
export interface Field {
  readonly name: string;
  /** Where it begins in its part, in bytes. */
  readonly offset: number;
  /** How many bytes it is in, whole or not. */
  readonly length: number;
  /** Where it has not whole bytes: its first bit, 0 for the highest of the byte at `offset`, and how many there are. */
  readonly bits?: { readonly first: number; readonly count: number };
  /** What it says, as a person writes it: `1`, `0x37fa213d`, `POST`. */
  readonly value: string;
  /** What that means here, in a sentence or less. */
  readonly meaning: string;
  /** `RFC 6455 section 5.2`; empty where no standard says anything. */
  readonly source: string;
}

/** The smallest whole thing that one side says: a frame, a head, a line, a datagram. */
export interface Part {
  readonly title: string;
  readonly bytes: Buffer;
  readonly fields: readonly Field[];
}

/**
 * Cuts a conversation: the next whole part of what one side has said and nobody has cut yet; nothing while it is not all
 * there. It may remember what came before, so that each conversation needs one of its own.
 */
export type Cut = (from: Speaker, bytes: Buffer) => Part | undefined;

/** A conversation as it goes on: bytes in, as they come; whole parts out. */
export class Dissection {
  readonly #cut: Cut;
  readonly #rest: Record<Speaker, Buffer> = { client: Buffer.alloc(0), server: Buffer.alloc(0) };

  constructor(cut: Cut) {
    this.#cut = cut;
  }

  /** One side has said this. @returns the parts that are whole by it, in their order */
  hear(from: Speaker, bytes: Uint8Array): Part[] {
    const parts: Part[] = [];
    this.#rest[from] = Buffer.concat([this.#rest[from], bytes]);
    for (;;) {
      const part = this.#rest[from].length > 0 ? this.#cut(from, this.#rest[from]) : undefined;
      if (part === undefined) return parts;
      this.#rest[from] = this.#rest[from].subarray(part.bytes.length);
      parts.push(part);
    }
  }

  /** What one side has said that makes no whole part yet. */
  restOf(from: Speaker): Buffer {
    return this.#rest[from];
  }
}

/** Fields one behind the other: each begins where the last whole bytes have ended. */
export class FieldList {
  readonly fields: Field[] = [];
  /** Where the next field begins, in bytes. */
  end: number;

  constructor(offset = 0) {
    this.end = offset;
  }

  /** Whole bytes; none are no field. */
  add(name: string, length: number, value: string, meaning: string, source = ""): this {
    if (length > 0) this.fields.push({ name, offset: this.end, length, value, meaning, source });
    this.end += length;
    return this;
  }

  /** Some bits of the byte that the list has come to; behind the last of them the next byte begins. */
  addBits(
    bits: { readonly first: number; readonly count: number; readonly isLast?: boolean },
    name: string,
    value: string,
    meaning: string,
    source = "",
  ): this {
    const { first, count, isLast = false } = bits;
    this.fields.push({ name, offset: this.end, length: 1, bits: { first, count }, value, meaning, source });
    if (isLast) this.end += 1;
    return this;
  }
}

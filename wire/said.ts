/** Bytes to send; text leaves as UTF-8 unless the connection's `encoding` says otherwise. */
export type Said = string | Uint8Array;

/** What is said in one burst before it leaves: enough for a write, too little to matter in memory. */
const burstLength = 262_144;
/** Of short replies there may be so many in it: each is an object until it leaves, and those make the heap grow. */
const burstPieces = 500;

/** What was said, as bytes of its own. */
export function bytesOf(said: Said, encoding: BufferEncoding): Buffer {
  return typeof said === "string" ? Buffer.from(said, encoding) : Buffer.from(said);
}

/** What is said until it leaves, all of it in one write. */
export class Unsent {
  /** In characters, or bytes. */
  length = 0;
  #pieces = 0;
  #text = "";
  /** Once there is anything but text. */
  #parts: Said[] | undefined;

  /** Whether it should leave before more is said. */
  get isFull(): boolean {
    return this.length > burstLength || this.#pieces >= burstPieces;
  }

  add(said: Said): void {
    this.length += said.length;
    this.#pieces += 1;
    if (this.#parts === undefined && typeof said === "string") {
      this.#text += said;
      return;
    }
    this.#parts ??= this.#text === "" ? [] : [this.#text];
    this.#text = "";
    this.#parts.push(said);
  }

  /** All of it as one, and nothing is left. */
  take(encoding: BufferEncoding): Said {
    const said = this.#parts ? joined(this.#parts, encoding) : this.#text;
    this.clear();
    return said;
  }

  clear(): void {
    this.length = 0;
    this.#pieces = 0;
    this.#text = "";
    this.#parts = undefined;
  }
}

/** A single buffer stays as it is. */
function joined(parts: readonly Said[], encoding: BufferEncoding): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && typeof first === "object") return first;
  const bytes = parts.map((part) => (typeof part === "string" ? Buffer.from(part, encoding) : part));
  return Buffer.concat(bytes);
}

/** Domain names on the wire: RFC 1035 sections 3.1 and 4.1.4. As text they end in a dot; the root is `.`. */

/**
 * The name at an offset and where the bytes behind it begin.
 * @throws {RangeError} for a name over 255 bytes, a label type of the future, or a pointer that does not lead back
 */
export function decodeName(bytes: Uint8Array, from: number): { readonly name: string; readonly end: number } {
  let text = "";
  let length = 1;
  let at = from;
  let end: number | undefined;
  for (;;) {
    const size = bytes[at];
    if (size === undefined) throw new RangeError("a name leads out of the message");
    if (size === 0) return { name: text === "" ? "." : text, end: end ?? at + 1 };
    if (size >= 0xc0) {
      const low = bytes[at + 1];
      if (low === undefined) throw new RangeError("a pointer is cut in two");
      const target = ((size & 0x3f) << 8) | low;
      // Only backwards, so that no chain of pointers can go round.
      if (target >= at) throw new RangeError("a compression pointer does not lead back");
      end ??= at + 2;
      at = target;
      continue;
    }
    if (size > 63) throw new RangeError("a label of an unknown type");
    length += size + 1;
    if (length > 255) throw new RangeError("a name has at most 255 bytes");
    if (at + 1 + size > bytes.length) throw new RangeError("a label leads out of the message");
    for (const byte of bytes.subarray(at + 1, at + 1 + size)) text += labelCharacter(byte);
    text += ".";
    at += size + 1;
  }
}

/** RFC 1035 section 5.1: a dot or backslash inside a label has a backslash, what is not printable is `\DDD`. */
function labelCharacter(byte: number): string {
  if (byte === 0x2e || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
  return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, "0")}`;
}

function labels(name: string): number[][] {
  if (name === ".") return [];
  const found: number[][] = [[]];
  for (const [piece] of name.matchAll(/\\\d{3}|\\[^]|[^]/g)) {
    if (piece === ".") found.push([]);
    else found.at(-1)!.push(byteOf(piece));
  }
  // A name without its last dot is taken as complete.
  if (found.at(-1)!.length === 0) found.pop();
  if (found.some((label) => label.length === 0 || label.length > 63)) {
    throw new TypeError(`'${name}' has an empty label or one over 63 bytes`);
  }
  if (found.reduce((sum, label) => sum + label.length + 1, 1) > 255)
    throw new TypeError(`'${name}' is over 255 bytes`);
  return found;
}

function byteOf(piece: string): number {
  const code = /^\\\d{3}$/.test(piece) ? Number(piece.slice(1)) : piece.charCodeAt(piece.length - 1);
  if (code > 255)
    throw new TypeError(`'${piece}' is not one byte; write an international name in its xn-- form`);
  return code;
}

/** Writes the parts of a message and remembers where its names stand, to point at them. */
export class NameWriter {
  readonly #bytes: number[] = [];
  readonly #known = new Map<string, number>();

  get length(): number {
    return this.#bytes.length;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  raw(bytes: Iterable<number>): void {
    for (const byte of bytes) this.#bytes.push(byte & 255);
  }

  uint16(value: number): void {
    this.#bytes.push((value >> 8) & 255, value & 255);
  }

  uint32(value: number): void {
    this.uint16(value >>> 16);
    this.uint16(value & 0xffff);
  }

  /** Writes what the task writes with its length in two bytes before it. */
  measured(task: () => void): void {
    const at = this.#bytes.length;
    this.uint16(0);
    task();
    const length = this.#bytes.length - at - 2;
    this.#bytes[at] = (length >> 8) & 255;
    this.#bytes[at + 1] = length & 255;
  }

  /** A name, compressed against those before it unless its type forbids (RFC 3597 section 4). */
  name(name: string, isCompressed = true): void {
    const all = labels(name);
    for (const [index, label] of all.entries()) {
      // Compared letter by letter, so that the case of a name (0x20) comes back as it was asked.
      const rest = all
        .slice(index)
        .map((bytes) => String.fromCharCode(bytes.length, ...bytes))
        .join("");
      const known = this.#known.get(rest);
      if (isCompressed && known !== undefined) {
        this.uint16(0xc000 | known);
        return;
      }
      if (this.#bytes.length < 0x4000) this.#known.set(rest, this.#bytes.length);
      this.#bytes.push(label.length, ...label);
    }
    this.#bytes.push(0);
  }
}

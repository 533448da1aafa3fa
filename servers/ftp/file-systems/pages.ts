/**
 * The bytes of one file in memory. Pages of 1 MiB, made when something is written to them: a hole costs nothing, and a
 * file of 5 GiB with one byte at its end is one page. The last page of a small file is as small as the file.
 */

const pageBytes = 1024 * 1024;
const smallestPage = 512;
/** What a hole reads as. */
const zeros = new Uint8Array(pageBytes);

export class Pages {
  /** Bytes of the file. */
  size = 0;
  readonly #pages = new Map<number, Uint8Array>();

  write(position: number, bytes: Uint8Array): void {
    let written = 0;
    while (written < bytes.length) {
      const at = position + written;
      const index = Math.floor(at / pageBytes);
      const offset = at - index * pageBytes;
      const part = bytes.subarray(written, written + pageBytes - offset);
      this.#page(index, offset + part.length).set(part, offset);
      written += part.length;
    }
    this.size = Math.max(this.size, position + bytes.length);
  }

  /** A page with room for so many bytes; it doubles up to its full size, so that appending is cheap. */
  #page(index: number, needed: number): Uint8Array {
    const page = this.#pages.get(index);
    if (page !== undefined && page.length >= needed) return page;
    const room = page === undefined ? needed : Math.max(needed, page.length * 2, smallestPage);
    const larger = new Uint8Array(Math.min(room, pageBytes));
    if (page !== undefined) larger.set(page);
    this.#pages.set(index, larger);
    return larger;
  }

  /** The bytes from a position to the end of its page, without a copy; `undefined` behind the end of the file. */
  read(position: number, end: number): Uint8Array | undefined {
    const stop = Math.min(end, this.size);
    if (position >= stop) return undefined;
    const index = Math.floor(position / pageBytes);
    const offset = position - index * pageBytes;
    const length = Math.min(stop - position, pageBytes - offset);
    const page = this.#pages.get(index);
    if (page === undefined || offset + length > page.length) return this.#readHole(page, offset, length);
    return page.subarray(offset, offset + length);
  }

  #readHole(page: Uint8Array | undefined, offset: number, length: number): Uint8Array {
    const present = page === undefined ? 0 : page.length - offset;
    return present > 0 && page !== undefined ? page.subarray(offset) : zeros.subarray(0, length);
  }
}

import { isUtf8 } from "node:buffer";

/** From here on it pays to cut the pieces out that the runtime checks, which is a hundred times as fast as a loop. */
const worthRuntime = 64;

/**
 * Checks UTF-8 that arrives in pieces, and says no at the first byte that cannot be right: WebSocket text has to be
 * refused in the middle of a message, and in the middle of a character (RFC 6455 section 8.1).
 */
export class Utf8Checker {
  /** How many continuation bytes are still due. */
  #due = 0;
  /** The range the next one must be in: narrower after E0, ED, F0 and F4 (RFC 3629 section 4). */
  #low = 0x80;
  #high = 0xbf;

  /** Whether nothing of an unfinished character is waiting. */
  get isComplete(): boolean {
    return this.#due === 0;
  }

  /** Whether the bytes up to here can be the beginning of UTF-8. After a no, the checker is of no more use. */
  accepts(bytes: Uint8Array): boolean {
    const begin = Math.min(this.#due, bytes.length);
    const end = lastLead(bytes);
    if (begin === 0 && end === bytes.length) return isUtf8(bytes);
    if (bytes.length < worthRuntime) return this.#acceptsEach(bytes);
    // The rest of a character that has begun, the whole ones, and the last one, which may be unfinished.
    return (
      this.#acceptsEach(bytes.subarray(0, begin)) &&
      isUtf8(bytes.subarray(begin, end)) &&
      this.#acceptsEach(bytes.subarray(end))
    );
  }

  #acceptsEach(bytes: Uint8Array): boolean {
    let due = this.#due;
    let low = this.#low;
    let high = this.#high;
    for (const byte of bytes) {
      if (due > 0) {
        if (byte < low || byte > high) return false;
        due--;
        low = 0x80;
        high = 0xbf;
      } else if (byte >= 0x80) {
        if (byte < 0xc2 || byte > 0xf4) return false;
        due = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
        // Overlong forms, surrogates and what lies over U+10FFFF are cut off at the second byte.
        if (byte === 0xe0) low = 0xa0;
        else if (byte === 0xed) high = 0x9f;
        else if (byte === 0xf0) low = 0x90;
        else if (byte === 0xf4) high = 0x8f;
      }
    }
    this.#due = due;
    this.#low = low;
    this.#high = high;
    return true;
  }
}

/** Where the last character begins if it may be unfinished, otherwise the end. */
function lastLead(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let at = length - 1; at >= 0 && at >= length - 3; at--) if (bytes[at]! >= 0xc0) return at;
  return length;
}

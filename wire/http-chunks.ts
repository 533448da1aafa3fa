import type { HttpFields } from "./http-fields.ts";
import { noFields } from "./http-fields.ts";
import { findHeadEnd, HttpViolation, parseFields } from "./http-head.ts";

/** A size line, its extensions included. */
const maxLineBytes = 256;
const trailerBounds = { maxHeadBytes: 8_192, maxFields: 50 };
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** Size in hexadecimal, and extensions of tokens and quoted text without control characters (RFC 9112 section 7.1). */
const sizeLine =
  /^(?<size>[\da-f]{1,12})(?:[\t ]*;[\t ]*[\w!#$%&'*+.^`|~-]+(?:[\t ]*=[\t ]*(?:[\w!#$%&'*+.^`|~-]+|"(?:[\t \x21\x23-\x5b\x5d-\x7e]|\\[\t -\x7e])*"))?)*$/i;

/** Undoes the chunked transfer coding of one body (RFC 9112 section 7.1), strictly, however its bytes are cut. */
export class ChunkReader {
  /** The last chunk and the trailers are through. */
  isDone = false;
  trailers: HttpFields = noFields;
  #state: "size" | "data" | "data end" | "trailers" = "size";
  #left = 0;
  /** The beginning of a line that is not complete. */
  #line: Buffer = Buffer.alloc(0);

  /**
   * Take bytes from `from` on.
   * @param deliver is given the pieces of the body in order; views, not copies
   * @returns where it stopped: the end of the bytes, or of the body
   * @throws HttpViolation
   */
  read(bytes: Buffer, from: number, deliver: (piece: Buffer) => void): number {
    let at = from;
    while (!this.isDone && at < bytes.length) {
      if (this.#state === "data") {
        const end = Math.min(bytes.length, at + this.#left);
        deliver(bytes.subarray(at, end));
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) this.#state = "data end";
      } else if (this.#state === "trailers") {
        at = this.#readTrailers(bytes, at);
      } else {
        at = this.#readLine(bytes, at);
      }
    }
    return at;
  }

  #readLine(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(lineFeed, from);
    const piece = bytes.subarray(from, end === -1 ? bytes.length : end + 1);
    this.#line = this.#line.length === 0 ? piece : Buffer.concat([this.#line, piece]);
    if (this.#line.length > maxLineBytes)
      throw new HttpViolation(400, `a chunk's size line is over ${maxLineBytes} bytes`);
    if (end === -1) {
      this.#line = Buffer.from(this.#line);
      return bytes.length;
    }
    const line = this.#line;
    this.#line = Buffer.alloc(0);
    if (line.at(-2) !== carriageReturn) throw new HttpViolation(400, "a chunk's line ends with LF alone");
    const text = line.toString("latin1", 0, line.length - 2);
    if (this.#state === "data end") {
      if (text !== "") throw new HttpViolation(400, "a chunk is longer than its size");
      this.#state = "size";
      return end + 1;
    }
    const size = sizeLine.exec(text)?.groups?.["size"];
    if (size === undefined) throw new HttpViolation(400, "a chunk's size is no hexadecimal number");
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? "trailers" : "data";
    return end + 1;
  }

  #readTrailers(bytes: Buffer, from: number): number {
    const before = this.#line.length;
    const all = before === 0 ? bytes.subarray(from) : Buffer.concat([this.#line, bytes.subarray(from)]);
    if (all[0] === carriageReturn) {
      if (all.length > 1 && all[1] !== lineFeed)
        throw new HttpViolation(400, "a lone CR stands in the trailers");
      if (all.length > 1) return this.#finish(from + 2 - before);
    } else {
      const end = findHeadEnd(all, 0, trailerBounds);
      if (end !== -1) {
        this.trailers = parseFields(all.toString("latin1", 0, end - 4), 0, trailerBounds.maxFields);
        return this.#finish(from + end - before);
      }
    }
    this.#line = Buffer.from(all);
    return bytes.length;
  }

  #finish(at: number): number {
    this.isDone = true;
    this.#line = Buffer.alloc(0);
    return at;
  }
}

/** One chunk; an empty one would end the body, so it gives nothing. */
export function chunkOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return bytes;
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
}

/** The end of a body in chunks, without trailers. */
export const lastChunk = "0\r\n\r\n";

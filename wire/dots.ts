/** Transparency of mail data (RFC 5321 section 4.5.2), for both roles. */

const dot = 0x2e;
const cr = 0x0d;
const lf = 0x0a;
const crlfDot = Buffer.from("\r\n.");
/** The data begins at the start of a line, as if a CRLF had come before. */
const lineStart = crlfDot.subarray(0, 2);
const nothing = Buffer.alloc(0);

/** Takes decoded content. */
export interface ContentTaker {
  write(content: Buffer): void;
}

/**
 * Undo dot-stuffing and find the end of the data: `CRLF.CRLF`, or `.CRLF` at the very start, and nothing else
 * (RFC 5321 section 2.3.8: a bare CR or LF ends no line). The input may be cut anywhere.
 */
export class DotDecoder {
  /** Whether the end has been seen. */
  isComplete = false;
  /** Whether a line began with a dot that had not been doubled; the dot is deleted all the same. */
  hasUnstuffedDot = false;
  /** The last bytes of the input that can be the beginning of `CRLF.CRLF`; before the first byte it is CRLF. */
  #held = lineStart;
  /** How many bytes of `#held` were already given as content. */
  #given = 2;

  /**
   * Decode the next bytes.
   * @param bytes from the wire, in order
   * @param to is given stretches of decoded content; they are views of `bytes` or copies, valid for ever
   * @returns how many of `bytes` belong to the data, end included
   */
  decode(bytes: Buffer, to: ContentTaker): number {
    if (bytes.length === 0) return 0;
    const held = this.#held;
    // Of a CR or CRLF that goes on otherwise nothing is to come: the bytes can be looked at where they are.
    const isSeamless = held.length < 3 && bytes[0] !== (held.length === 2 ? dot : lf);
    if (held.length === 0 || isSeamless) return this.#scan(bytes, 0, to);
    return this.#scan(Buffer.concat([held, bytes]), this.#given, to) - held.length;
  }

  #scan(input: Buffer, from: number, to: ContentTaker): number {
    let output: Buffer | undefined;
    let filled = 0;
    let copied = from;
    let at = input.indexOf(crlfDot, 0);
    while (at !== -1 && at + 3 < input.length) {
      const next = input[at + 3];
      // Whether `CRLF.CR` is the end cannot be said before one more byte.
      if (next === cr && at + 4 >= input.length) break;
      // The content up to here; of several stretches one buffer is made, so lines of dots cost no more than others.
      const isEnd = next === cr && input[at + 4] === lf;
      if (isEnd && output === undefined) {
        if (at + 2 > copied) to.write(input.subarray(copied, at + 2));
        this.isComplete = true;
        return at + 5;
      }
      output ??= Buffer.allocUnsafe(input.length - copied);
      filled += input.copy(output, filled, copied, at + 2);
      copied = at + 3;
      if (isEnd) {
        if (filled > 0) to.write(output.subarray(0, filled));
        this.isComplete = true;
        return at + 5;
      }
      if (next !== dot) this.hasUnstuffedDot = true;
      at = input.indexOf(crlfDot, at + 3);
    }
    return this.#pause(input, copied, to, output, filled);
  }

  /** The input is used up: give what is certainly content, hold back what may begin the end. */
  #pause(
    input: Buffer,
    copied: number,
    to: ContentTaker,
    output: Buffer | undefined,
    filled: number,
  ): number {
    const hold = Math.max(input.length - possibleEnd(input, copied), 0);
    const held = input.subarray(hold);
    // A CRLF is content whatever follows; only the dot and the CR behind it are in doubt.
    const sure = Math.max(copied, hold + Math.min(2, held.length));
    if (output) {
      filled += input.copy(output, filled, copied, sure);
      if (filled > 0) to.write(output.subarray(0, filled));
    } else if (sure > copied) to.write(sure - copied === input.length ? input : input.subarray(copied, sure));
    this.#held = held.length === 0 ? nothing : Buffer.from(held);
    this.#given = sure - hold;
    return input.length;
  }
}

/** How many bytes at the end of the input can be the beginning of `CRLF.CRLF`, when `copied` bytes are done with. */
function possibleEnd(input: Buffer, copied: number): number {
  const n = input.length;
  const last = input[n - 1];
  if (last === cr) {
    // `CRLF.CR`, or a CR that may begin one.
    return n >= 4 && input[n - 2] === dot && input[n - 3] === lf && input[n - 4] === cr && n - 2 >= copied
      ? 4
      : 1;
  }
  if (last === lf) return n >= 2 && input[n - 2] === cr ? 2 : 0;
  if (last === dot) return n >= 3 && input[n - 2] === lf && input[n - 3] === cr && n - 1 >= copied ? 3 : 0;
  return 0;
}

/**
 * Make a message fit to be sent after DATA: a dot is put before each line that begins with one, a CRLF at the end
 * when there is none, and the final `.CRLF`.
 * @returns the bytes to send
 */
export function encodeDots(message: Uint8Array): Buffer {
  const input = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const parts: Buffer[] = [];
  let copied = 0;
  if (input[0] === dot) parts.push(Buffer.from("."));
  for (let at = input.indexOf(crlfDot); at !== -1; at = input.indexOf(crlfDot, at + 2)) {
    parts.push(input.subarray(copied, at + 2), Buffer.from("."));
    copied = at + 2;
  }
  parts.push(input.subarray(copied));
  const isWhole = input.length === 0 || (input.at(-2) === cr && input.at(-1) === lf);
  parts.push(Buffer.from(isWhole ? ".\r\n" : "\r\n.\r\n"));
  return Buffer.concat(parts);
}

/**
 * Cutting bytes into messages. A cutter looks at a buffer from an offset and gives the next whole message, or nothing;
 * it holds no bytes, so whoever owns the buffer can hand the rest to somebody else (a mail body, a TLS handshake).
 */
export interface Cutter<Message> {
  /** The next whole message of `bytes` from `start`, or nothing yet. Afterwards `end` says where to go on. */
  cut(bytes: Buffer, start: number): Message | undefined;
  /** Where the message ended; without a message, up to where the bytes are of no further use. */
  readonly end: number;
  /** Whether it has taken a part of a message that is not whole yet. */
  readonly isInside?: boolean;
}

/** A line of a command/reply protocol. */
export interface Line {
  /** The line without its end, as UTF-8; bytes that are not UTF-8 as latin1. */
  readonly text: string;
  /** How the line was wrong, if it was. A line that is too long has no text. */
  readonly fault?: "bare LF" | "too long" | "endless";
}

const lf = 0x0a;
const cr = 0x0d;
/** A line that is longer than this many times the limit will never end. */
const endlessFactor = 256;

/** Lines ended by CRLF, or by a bare LF, of at most `maxBytes` with their end. Longer ones are skipped, and told. */
export class LineCutter implements Cutter<Line> {
  end = 0;
  readonly #maxBytes: number;
  #skipped = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  cut(bytes: Buffer, start: number): Line | undefined {
    const at = bytes.indexOf(lf, start);
    if (at === -1) return this.#unfinished(bytes, start);
    this.end = at + 1;
    if (this.#skipped > 0 || at + 1 - start > this.#maxBytes) {
      this.#skipped = 0;
      return { text: "", fault: "too long" };
    }
    if (at > start && bytes[at - 1] === cr) return { text: lineText(bytes, start, at - 1) };
    return { text: lineText(bytes, start, at), fault: "bare LF" };
  }

  #unfinished(bytes: Buffer, start: number): Line | undefined {
    const length = bytes.length - start;
    if (this.#skipped === 0 && length < this.#maxBytes) {
      this.end = start;
      return undefined;
    }
    // Nothing of such a line is kept: memory stays flat however long it gets.
    this.end = bytes.length;
    this.#skipped += length;
    return this.#skipped > this.#maxBytes * endlessFactor ? { text: "", fault: "endless" } : undefined;
  }
}

/** A stretch of bytes as text: UTF-8 where it is valid, latin1 where it is not, so that no byte is lost. */
export function lineText(bytes: Buffer, start: number, end: number): string {
  const latin1 = bytes.toString("latin1", start, end);
  if (!/[\x80-\xff]/.test(latin1)) return latin1;
  const utf8 = bytes.toString("utf8", start, end);
  return utf8.includes("\ufffd") ? latin1 : utf8;
}

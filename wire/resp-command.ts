import type { Cutter } from "./lines.ts";
import { splitWords } from "./resp-words.ts";

/**
 * Commands as clients of the Redis protocol send them: an array of bulk strings, or an inline line as people type it.
 * Bytes are scanned where they are, once; a word is a byte string (one character for each byte). Words that are whole
 * are kept between two reads and never scanned again; a long word is kept as the chunks that it came in.
 */

/** The words of a command, or what was wrong with the bytes; nothing more can be cut after that. */
export type CommandHeard = readonly string[] | CommandFault;

/** The bytes are no command: the sentence that Redis says about it. */
export class CommandFault {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a command may be as long as; checked before anything is allocated. */
export interface CommandLimits {
  readonly maxWords: number;
  readonly maxWordBytes: number;
  /** Said in front of a complaint about a length. */
  readonly whose?: string;
}

/** Words of a short command. */
const few = 16;
const maxLineBytes = 65_536;
/** A longer word is collected in chunks, so that no byte is copied each time that some more arrive. */
const longWord = 32_768;
/** A longer one is no command's. */
const longestName = 32;

const star = 0x2a;
const dollar = 0x24;
const cr = 0x0d;
const lf = 0x0a;

/** Cuts commands. `limits` may be changed between two of them: a client that has logged in may say more. */
export class CommandCutter implements Cutter<CommandHeard> {
  end = 0;
  limits: CommandLimits;
  #words: string[] | undefined;
  /** Words that are still to come. */
  #missing = 0;
  /** Words that are there. */
  #heard = 0;
  /** The length of the word under way, or -1 when its length has not come yet. */
  #length = -1;
  #chunks: Buffer[] = [];
  #chunkBytes = 0;
  #fault: CommandFault | undefined;
  #lastName = "";

  constructor(limits: CommandLimits) {
    this.limits = limits;
  }

  /** Whether a part of a command has been taken. */
  get isInside(): boolean {
    return this.#words !== undefined;
  }

  cut(bytes: Buffer, start: number): CommandHeard | undefined {
    let at = start;
    this.end = start;
    while (this.#words === undefined) {
      if (this.#fault) return this.#refuse(bytes, this.#fault.text);
      if (at >= bytes.length) return undefined;
      if (bytes[at] !== star) return this.#inline(bytes, at);
      const line = lineEnd(bytes, at);
      if (line === -1) return this.#unfinished(bytes, at, "too big mbulk count string");
      const count = number(bytes, at + 1, line);
      if (count > this.limits.maxWords) return this.#refuse(bytes, `${this.#whose()}multibulk length`);
      if (Number.isNaN(count)) return this.#refuse(bytes, "invalid multibulk length");
      at = this.end = line + 2;
      if (count <= 0) continue;
      // oxlint-disable-next-line no-new-array -- one that grows has room for 17 words at once
      this.#words = new Array<string>(count <= few ? count : 0);
      this.#heard = 0;
      this.#missing = count;
    }
    return this.#cutWords(bytes, at, this.#words);
  }

  #cutWords(bytes: Buffer, from: number, words: string[]): CommandHeard | undefined {
    let at = from;
    while (this.#missing > 0) {
      let length = this.#length;
      if (length === -1) {
        if (at >= bytes.length) {
          this.end = at;
          return undefined;
        }
        if (bytes[at] !== dollar)
          return this.#refuse(bytes, `expected '$', got '${String.fromCharCode(bytes[at]!)}'`);
        const line = lineEnd(bytes, at);
        if (line === -1) return this.#unfinished(bytes, at, "too big bulk count string");
        length = number(bytes, at + 1, line);
        if (length > this.limits.maxWordBytes) return this.#refuse(bytes, `${this.#whose()}bulk length`);
        if (!(length >= 0)) return this.#refuse(bytes, "invalid bulk length");
        at = line + 2;
      }
      if (bytes.length < at + length + 2 || this.#chunkBytes > 0) {
        this.#length = length;
        const word = this.#collect(bytes, at, length);
        if (word === undefined) return undefined;
        at = this.end;
        words[this.#heard++] = word;
      } else {
        words[this.#heard] =
          this.#heard === 0 ? this.#name(bytes, at, length) : bytes.toString("latin1", at, at + length);
        this.#heard++;
        at += length + 2;
      }
      this.#length = -1;
      this.#missing -= 1;
    }
    this.end = at;
    this.#words = undefined;
    return words;
  }

  /** The first word. A client says the same command again and again: then it is the same string, and no new one. */
  #name(bytes: Buffer, at: number, length: number): string {
    const last = this.#lastName;
    if (last.length === length) {
      let same = 0;
      while (same < length && bytes[at + same] === last.charCodeAt(same)) same++;
      if (same === length) return last;
    }
    const name = bytes.toString("latin1", at, at + length);
    if (length <= longestName) this.#lastName = name;
    return name;
  }

  /** A word that is not whole in these bytes. A short one waits where it is, a long one is taken in chunks. */
  #collect(bytes: Buffer, at: number, length: number): string | undefined {
    this.end = at;
    if (length < longWord) return undefined;
    const taken = Math.min(length + 2 - this.#chunkBytes, bytes.length - at);
    if (taken > 0) this.#chunks.push(bytes.subarray(at, at + taken));
    this.#chunkBytes += taken;
    this.end = at + taken;
    if (this.#chunkBytes < length + 2) return undefined;
    const word = Buffer.concat(this.#chunks).toString("latin1", 0, length);
    this.#chunks = [];
    this.#chunkBytes = 0;
    return word;
  }

  #inline(bytes: Buffer, at: number): CommandHeard | undefined {
    const newline = bytes.indexOf(lf, at);
    if (newline === -1) return this.#unfinished(bytes, at, "too big inline request");
    if (newline - at > maxLineBytes) return this.#refuse(bytes, "too big inline request");
    this.end = newline + 1;
    const line = bytes.toString(
      "latin1",
      at,
      newline > at && bytes[newline - 1] === cr ? newline - 1 : newline,
    );
    const words = splitWords(line);
    if (words === undefined) return this.#refuse(bytes, "unbalanced quotes in request");
    return words.length > 0 ? words : this.cut(bytes, this.end);
  }

  #unfinished(bytes: Buffer, at: number, complaint: string): CommandHeard | undefined {
    this.end = at;
    return bytes.length - at > maxLineBytes ? this.#refuse(bytes, complaint) : undefined;
  }

  #refuse(bytes: Buffer, complaint: string): CommandFault {
    this.end = bytes.length;
    this.#words = undefined;
    this.#chunks = [];
    this.#fault = new CommandFault(`Protocol error: ${complaint}`);
    return this.#fault;
  }

  #whose(): string {
    return this.limits.whose ?? "invalid ";
  }
}

/** Where the CRLF of a short line is, or -1. */
function lineEnd(bytes: Buffer, from: number): number {
  const last = bytes.length - 1;
  // A length has few digits: the near bytes are looked at here, the far ones by the runtime.
  const near = Math.min(from + 12, last);
  for (let at = from; at < near; at++) if (bytes[at] === cr && bytes[at + 1] === lf) return at;
  return near < last ? bytes.indexOf("\r\n", near, "latin1") : -1;
}

/** The decimal number between two offsets, or NaN. */
function number(bytes: Buffer, from: number, to: number): number {
  const isNegative = bytes[from] === 0x2d;
  const first = isNegative ? from + 1 : from;
  if (first >= to || to - first > 15) return Number.NaN;
  let value = 0;
  for (let at = first; at < to; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return isNegative ? -value : value;
}

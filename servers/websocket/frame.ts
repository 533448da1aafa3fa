import { withCommas } from "../../wire/shown.ts";
import { encodeFrame, opcodes } from "../../wire/websocket.ts";

/** A message as it leaves: built once, however many are told. */
export class Frame {
  readonly bytes: Buffer;
  readonly #message: string | Uint8Array;

  constructor(message: string | Uint8Array) {
    this.#message = message;
    const isText = typeof message === "string";
    this.bytes = encodeFrame(isText ? opcodes.text : opcodes.binary, isText ? Buffer.from(message) : message);
  }

  /** How it looks in a transcript. */
  get shown(): string {
    return typeof this.#message === "string" ? shownText(this.#message) : shownBytes(this.#message.length);
  }
}

/** The message as it leaves, for `connection.send` and `broadcast`. */
export const frameOf = (message: string | Uint8Array): Frame => new Frame(message);

const shownLength = 1_000;

/** A text message in a transcript: the first thousand characters. */
export function shownText(text: string): string {
  return text.length <= shownLength
    ? text
    : `${text.slice(0, shownLength)}… (${withCommas(text.length)} characters)`;
}

/** A binary message in a transcript. */
export const shownBytes = (length: number): string => `(${withCommas(length)} bytes)`;

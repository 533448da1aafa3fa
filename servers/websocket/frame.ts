import { withCommas } from "../../wire/shown.ts";
import { encodeFrame, opcodes } from "../../wire/websocket.ts";
import type { Deflation, SharedFrames } from "../../wire/websocket-deflate.ts";
import { headerLength } from "../../wire/websocket-frame.ts";

/** A message as it leaves: built once, however many are told. */
export class Frame {
  readonly bytes: Buffer;
  readonly #message: string | Uint8Array;
  readonly #isText: boolean;
  #deflated: SharedFrames | undefined;

  constructor(message: string | Uint8Array, isText = typeof message === "string") {
    this.#message = message;
    this.#isText = isText;
    const payload = typeof message === "string" ? Buffer.from(message) : message;
    this.bytes = encodeFrame(isText ? opcodes.text : opcodes.binary, payload);
  }

  /** The same compressed, as far as it gains; one for many looks the same to all who agreed to the same. */
  deflatedBy(deflation: Deflation, isForMany: boolean): Uint8Array {
    const { bytes } = this;
    if (isForMany) return deflation.sharedFrame(bytes, (this.#deflated ??= new Map()));
    return deflation.frame(bytes[0]! & 15, bytes.subarray(headerLength(bytes, 2))) ?? bytes;
  }

  /** How it looks in a transcript. */
  get shown(): string {
    return this.#isText ? shownText(this.#message) : shownBytes(this.#message.length);
  }
}

/**
 * A message as it leaves, for `connection.send` and `broadcast`.
 * @param isText whether bytes are text already, in UTF-8
 */
export const frameOf = (message: string | Uint8Array, isText?: boolean): Frame => new Frame(message, isText);

const shownLength = 1_000;

/** A text message in a transcript: the first thousand characters of it. */
export function shownText(text: string | Uint8Array): string {
  if (text.length <= shownLength) return typeof text === "string" ? text : textOf(text);
  const beginning =
    typeof text === "string" ? text.slice(0, shownLength) : textOf(text.subarray(0, shownLength));
  return `${beginning}… (${withCommas(text.length)} ${typeof text === "string" ? "characters" : "bytes"})`;
}

/** A binary message in a transcript. */
export const shownBytes = (length: number): string => `(${withCommas(length)} bytes)`;

const textOf = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString();

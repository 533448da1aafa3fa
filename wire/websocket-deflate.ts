/**
 * The compression of one connection: permessage-deflate (RFC 7692).
 *
 *     message ─ deflate, by the last 32 KB said ─ without 00 00 ff ff → frame with RSV1
 *     frames with RSV1 ─ joined ─ inflate, by the last 32 KB heard, up to a limit → message
 *
 * Between two messages there is no stream of zlib's: what a message may refer to is the end of those before it, and that
 * alone is kept, as the dictionary of the next. So a connection that is idle costs at most 64 KB in place of 300, there
 * is nothing to free when it ends, and a message that does not gain leaves as it is, whatever it would have done to a
 * stream. Messages are inflated and deflated where they stand, so their order is that of their frames.
 */
import { isUtf8 } from "node:buffer";
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import type { DeflateAgreement, DeflateOptions, DeflateTerms } from "./websocket-extension.ts";
import { encodeFrame, type FrameOptions, headerLength, WebSocketError } from "./websocket-frame.ts";

/** What a sender may have cut off (RFC 7692 section 7.2.1), and a last block, so that what is missing is noticed. */
const rest = Buffer.from([0x00, 0x00, 0xff, 0xff, 0x03, 0x00]);
const cutOff = 4;

/** What a message may be made of, where one is usual: each costs the time of a message. */
const maxStreams = 64;

/** Below this, what zlib made is copied, so that a small message does not keep a large piece of memory. */
const pieceBytes = 16_384;

/** Compresses what one end says, and undoes what it hears. */
export class Deflation {
  readonly #level: number;
  readonly #thresholdBytes: number;
  readonly #windowBits: number;
  readonly #said: Recent;
  readonly #heardBits: number;
  readonly #heard: Recent;

  constructor(agreement: DeflateAgreement, role: "client" | "server", options: Required<DeflateOptions>) {
    const [ours, theirs] =
      role === "server" ? [agreement.server, agreement.client] : [agreement.client, agreement.server];
    this.#level = options.level;
    this.#thresholdBytes = options.thresholdBytes;
    this.#windowBits = ours.windowBits;
    this.#said = new Recent(ours);
    this.#heardBits = theirs.windowBits;
    this.#heard = new Recent(theirs);
  }

  /**
   * A message as it leaves, in one frame with RSV1.
   * @returns nothing when it is too short, or would not become shorter
   */
  frame(opcode: number, message: Uint8Array, options: FrameOptions = {}): Uint8Array | undefined {
    if (message.length < this.#thresholdBytes) return undefined;
    const deflated = deflate(message, this.#windowBits, this.#level, this.#said.bytes);
    if (deflated.length >= message.length) return undefined;
    if (this.#said.takesContextOver) this.#said.add(message);
    return encodeFrame(opcode, deflated, { ...options, reserved: rsv1 });
  }

  /**
   * The same for a message that a server tells many: it refers to nothing before it, so that all are told the same bytes.
   * @param plain its frame as it is
   */
  sharedFrame(plain: Uint8Array, frames: SharedFrames): Uint8Array {
    const payloadLength = plain.length - headerLength(plain, 2);
    if (payloadLength < this.#thresholdBytes) return plain;
    let frame = frames.get(this.#windowBits);
    if (frame === undefined) {
      const payload = plain.subarray(plain.length - payloadLength);
      const deflated = deflate(payload, this.#windowBits, this.#level, noBytes);
      const isShorter = deflated.length < payloadLength;
      frame = isShorter ? encodeFrame(plain[0]! & 15, deflated, { reserved: rsv1 }) : plain;
      frames.set(this.#windowBits, frame);
    }
    // What follows may refer to less than it could, but never to something else than the other end thinks.
    if (frame !== plain) this.#said.forget();
    return frame;
  }

  /**
   * A message that came in frames of which the first had RSV1.
   * @param maxBytes what it may become; not a byte more is made of it
   * @throws WebSocketError 1007 when it is not deflated, or text that is not UTF-8; 1009 when it becomes too large
   */
  inflate(deflated: Uint8Array, isText: boolean, maxBytes: number): Buffer {
    const heard = this.#heard;
    let left: Uint8Array = Buffer.concat([deflated, rest]);
    const pieces: Buffer[] = [];
    let size = 0;
    // A block that says it is the last ends a stream, and another may follow (RFC 7692 section 7.2.3.5).
    while (left.length > 0) {
      if (pieces.length === maxStreams) throw new WebSocketError(1007, "a message of too many streams");
      const { bytes, taken } = this.#inflateStream(left, maxBytes - size, maxBytes);
      size += bytes.length;
      pieces.push(bytes);
      left = left.subarray(taken);
      if (left.length > 0 || heard.takesContextOver) heard.add(bytes);
    }
    if (!heard.takesContextOver) heard.forget();
    const message = pieces.length === 1 ? ownOf(pieces[0]!) : Buffer.concat(pieces, size);
    if (isText && !isUtf8(message)) throw new WebSocketError(1007, "a text is not UTF-8");
    return message;
  }

  #inflateStream(left: Uint8Array, mayBecome: number, maxBytes: number): Inflated {
    try {
      // With `info` there are the bytes that were taken too, which the types of Node do not know.
      const inflated: unknown = inflateRawSync(left, {
        windowBits: this.#heardBits,
        dictionary: this.#heard.bytes,
        maxOutputLength: Math.max(mayBecome, 1),
        chunkSize: Math.min(Math.max(left.length * 4, 1_024), pieceBytes),
        info: true,
      });
      const { buffer, engine } = inflated as { buffer: Buffer; engine: { bytesWritten: number } };
      if (buffer.length > mayBecome) throw tooLarge(maxBytes);
      return { bytes: buffer, taken: engine.bytesWritten };
    } catch (error) {
      if (error instanceof WebSocketError) throw error;
      if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(maxBytes);
      throw new WebSocketError(1007, `a message is not deflated: ${(error as Error).message}`);
    }
  }
}

/** How a message to many looks deflated, by the window bits of those who are told. */
export type SharedFrames = Map<number, Uint8Array>;

interface Inflated {
  readonly bytes: Buffer;
  /** Of the bytes that were given. */
  readonly taken: number;
}

const noBytes = Buffer.alloc(0);
/** Among the reserved bits: the message is deflated (RFC 7692 section 6). */
const rsv1 = 4;

const tooLarge = (maxBytes: number): WebSocketError =>
  new WebSocketError(1009, `a message over ${maxBytes} bytes`);

function deflate(message: Uint8Array, windowBits: number, level: number, dictionary: Buffer): Uint8Array {
  const deflated = deflateRawSync(message, {
    windowBits,
    level,
    dictionary,
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  return deflated.subarray(0, deflated.length - cutOff);
}

const ownOf = (bytes: Buffer): Buffer =>
  bytes.length * 2 < bytes.buffer.byteLength ? Buffer.from(bytes) : bytes;

/** The last that was said in one direction, as far back as what follows may refer. */
class Recent {
  /** Whether it outlives its message. */
  readonly takesContextOver: boolean;
  readonly #size: number;
  bytes: Buffer = noBytes;

  constructor({ takesContextOver, windowBits }: DeflateTerms) {
    this.takesContextOver = takesContextOver;
    this.#size = 2 ** windowBits;
  }

  /** Something more was said; it is copied, because the message is its hearer's. */
  add(bytes: Uint8Array): void {
    const size = this.#size;
    if (bytes.length >= size) this.bytes = Buffer.from(bytes.subarray(bytes.length - size));
    else {
      const before = this.bytes.subarray(Math.max(0, this.bytes.length + bytes.length - size));
      this.bytes = Buffer.concat([before, bytes]);
    }
  }

  forget(): void {
    this.bytes = noBytes;
  }
}

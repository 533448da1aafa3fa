/**
 * WebSocket messages out of bytes (RFC 6455), for both ends. Pure: no socket, no handshake.
 *
 *     bytes → header → unmask → join fragments → text is UTF-8? → message
 *
 * A payload is unmasked and checked as it arrives, so wrong text is refused before its message is complete. Fragments
 * go into one growing buffer, and each frame is charged beside its bytes: a million tiny fragments cost no more memory
 * than their bytes, and cannot go on for ever.
 */
import { isUtf8 } from "node:buffer";
import { Utf8Checker } from "./utf8.ts";
import { applyMask, isValidCloseCode, opcodes, WebSocketError } from "./websocket-frame.ts";

export {
  acceptKey,
  applyMask,
  closePayload,
  encodeFrame,
  opcodes,
  WebSocketError,
} from "./websocket-frame.ts";

/** What arrived. `end` counts the bytes of the stream up to its end. */
export type WebSocketEvent =
  | { readonly type: "text" | "binary" | "ping" | "pong"; readonly payload: Buffer; readonly end: number }
  | {
      readonly type: "close";
      readonly code: number | undefined;
      readonly reason: string;
      readonly end: number;
    };

/** How a reader is set up. */
export interface WebSocketReaderOptions {
  /** Whether frames must be masked: yes at a server, no at a client. */
  readonly isMasked: boolean;
  /** Largest message; each of its frames counts 16 bytes on top. @default 16 MiB */
  readonly maxMessageBytes?: number;
}

/** What every frame is charged beside its payload. */
const frameCharge = 16;

/** Reads one direction of one connection. */
export class WebSocketReader {
  readonly #isMasked: boolean;
  readonly #maxBytes: number;
  /** The bytes of a header that is not complete yet. */
  readonly #header = Buffer.alloc(14);
  #headerHas = 0;
  #frame: Frame | undefined;
  #message: Message | undefined;
  #isClosed = false;
  #read = 0;

  constructor(options: WebSocketReaderOptions) {
    this.#isMasked = options.isMasked;
    this.#maxBytes = options.maxMessageBytes ?? 16 * 1024 * 1024;
  }

  /** Whether nothing waits for the rest of a frame or of a message. */
  get isBetweenMessages(): boolean {
    return this.#headerHas === 0 && this.#frame === undefined && this.#message === undefined;
  }

  /**
   * What became complete with these bytes. After a close frame nothing more is read (RFC 6455 section 5.5.1).
   * @throws {WebSocketError} when the connection has to be failed, with the code to close with
   */
  push(bytes: Uint8Array): WebSocketEvent[] {
    const events: WebSocketEvent[] = [];
    let at = 0;
    while (at < bytes.length && !this.#isClosed) {
      if (this.#frame === undefined) {
        at += this.#readHeader(bytes, at);
        if (this.#frame === undefined) break;
      }
      const frame: Frame = this.#frame;
      const piece = bytes.subarray(at, at + frame.length - frame.has);
      at += piece.length;
      this.#readPayload(frame, piece);
      if (frame.has < frame.length) break;
      this.#frame = undefined;
      const event = this.#endOfFrame(frame, this.#read + at);
      if (event !== undefined) events.push(event);
    }
    this.#read += bytes.length;
    return events;
  }

  /** Copies header bytes until the header is whole; gives how many were taken. */
  #readHeader(bytes: Uint8Array, from: number): number {
    let at = from;
    for (;;) {
      const needs = headerLength(this.#header, this.#headerHas);
      while (this.#headerHas < needs && at < bytes.length) this.#header[this.#headerHas++] = bytes[at++]!;
      if (this.#headerHas >= 2) this.#checkStart(this.#header[0]!, this.#header[1]!);
      if (this.#headerHas < needs) return at - from;
      if (headerLength(this.#header, this.#headerHas) === needs) break;
    }
    this.#frame = this.#beginFrame();
    this.#headerHas = 0;
    return at - from;
  }

  /** What can be judged from the first two bytes, before a length or a payload is believed. */
  #checkStart(first: number, second: number): void {
    const opcode = first & 15;
    const isControl = opcode >= 8;
    if ((first & 0x70) !== 0)
      throw new WebSocketError(1002, "a reserved bit is set, and no extension was agreed");
    if (opcode > 10 || (opcode > 2 && opcode < 8))
      throw new WebSocketError(1002, `opcode ${opcode} is reserved`);
    if (((second & 0x80) !== 0) !== this.#isMasked) {
      throw new WebSocketError(
        1002,
        this.#isMasked ? "a client must mask its frames" : "a server must not mask",
      );
    }
    if (isControl && (first & 0x80) === 0) throw new WebSocketError(1002, "a control frame is fragmented");
    if (isControl && (second & 0x7f) > 125)
      throw new WebSocketError(1002, "a control frame is over 125 bytes");
    if (opcode === 0 && this.#message === undefined) {
      throw new WebSocketError(1002, "a continuation without a beginning");
    }
    if (!isControl && opcode !== 0 && this.#message !== undefined) {
      throw new WebSocketError(1002, "a new message inside an unfinished one");
    }
  }

  #beginFrame(): Frame {
    const header = this.#header;
    const opcode = header[0]! & 15;
    const isFinal = (header[0]! & 0x80) !== 0;
    const short = header[1]! & 0x7f;
    let length = short;
    if (short === 126) length = header.readUInt16BE(2);
    else if (short === 127) {
      if (header[2]! > 0x7f) throw new WebSocketError(1002, "a length over 63 bits");
      length = Number(header.readBigUInt64BE(2));
    }
    if ((short === 126 && length < 126) || (short === 127 && length < 65_536)) {
      throw new WebSocketError(1002, "a length is not written in its shortest form");
    }
    const mask = this.#isMasked
      ? Uint8Array.from(header.subarray(this.#headerHas - 4, this.#headerHas))
      : undefined;
    if (opcode >= 8) return { opcode, isFinal, length, mask, has: 0, into: new Growing(length) };
    this.#message ??= {
      type: opcode === opcodes.text ? "text" : "binary",
      into: new Growing(0),
      checker: undefined,
      charged: 0,
    };
    this.#message.charged += length + frameCharge;
    if (this.#message.charged > this.#maxBytes + frameCharge) {
      throw new WebSocketError(1009, `a message over ${this.#maxBytes} bytes`);
    }
    return { opcode, isFinal, length, mask, has: 0, into: this.#message.into };
  }

  #readPayload(frame: Frame, piece: Uint8Array): void {
    const own = frame.into.append(piece, frame.length - frame.has);
    if (frame.mask) applyMask(own, frame.mask, frame.has);
    frame.has += piece.length;
    const message = frame.opcode < 8 ? this.#message : undefined;
    if (message?.type !== "text") return;
    // A text in one piece is checked by the runtime, much faster than byte by byte.
    const isWhole = frame.isFinal && frame.has === frame.length && message.into.length === piece.length;
    if (isWhole && message.checker === undefined) {
      if (!isUtf8(own)) throw new WebSocketError(1007, "a text is not UTF-8");
      return;
    }
    message.checker ??= new Utf8Checker();
    if (!message.checker.accepts(own)) throw new WebSocketError(1007, "a text is not UTF-8");
  }

  #endOfFrame(frame: Frame, end: number): WebSocketEvent | undefined {
    if (frame.opcode === opcodes.close) {
      this.#isClosed = true;
      return { ...readClose(frame.into.bytes()), type: "close", end };
    }
    if (frame.opcode === opcodes.ping || frame.opcode === opcodes.pong) {
      return { type: frame.opcode === opcodes.ping ? "ping" : "pong", payload: frame.into.bytes(), end };
    }
    const message = this.#message;
    if (!frame.isFinal || message === undefined) return undefined;
    if (message.checker !== undefined && !message.checker.isComplete) {
      throw new WebSocketError(1007, "a text ends in the middle of a character");
    }
    this.#message = undefined;
    return { type: message.type, payload: message.into.bytes(), end };
  }
}

interface Frame {
  readonly opcode: number;
  readonly isFinal: boolean;
  readonly length: number;
  readonly mask: Uint8Array | undefined;
  readonly into: Growing;
  has: number;
}

interface Message {
  readonly type: "text" | "binary";
  readonly into: Growing;
  checker: Utf8Checker | undefined;
  charged: number;
}

/** How long the header is, as far as its first two bytes tell. */
function headerLength(header: Uint8Array, has: number): number {
  if (has < 2) return 2;
  const short = header[1]! & 0x7f;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  return 2 + lengthBytes + ((header[1]! & 0x80) === 0 ? 0 : 4);
}

/** RFC 6455 section 5.5.1: nothing, or a code and a reason in UTF-8. */
function readClose(payload: Buffer): { readonly code: number | undefined; readonly reason: string } {
  if (payload.length === 0) return { code: undefined, reason: "" };
  if (payload.length === 1) throw new WebSocketError(1002, "half a close code");
  const code = payload.readUInt16BE(0);
  if (!isValidCloseCode(code)) throw new WebSocketError(1002, `nobody may send the close code ${code}`);
  const reason = payload.subarray(2);
  if (!isUtf8(reason)) throw new WebSocketError(1007, "the reason of a close is not UTF-8");
  return { code, reason: reason.toString("utf8") };
}

/** A buffer that doubles when it is full, however many pieces come. */
class Growing {
  #buffer: Buffer;
  length = 0;

  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  /** Appends a copy and gives it, to be changed in place. `more` is how much is known to come, itself included. */
  append(bytes: Uint8Array, more: number): Buffer {
    const from = this.length;
    const needs = from + bytes.length;
    if (needs > this.#buffer.length) {
      // What a header promises is not believed beyond a megabyte before it has come.
      const promised = from + Math.min(more, 1024 * 1024);
      const bigger = Buffer.allocUnsafe(Math.max(needs, promised, from === 0 ? 0 : this.#buffer.length * 2));
      this.#buffer.copy(bigger, 0, 0, from);
      this.#buffer = bigger;
    }
    this.#buffer.set(bytes, from);
    this.length = needs;
    return this.#buffer.subarray(from, needs);
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.length);
  }
}

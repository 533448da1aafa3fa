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
import { GrowingBuffer } from "./growing-buffer.ts";
import { Utf8Checker } from "./utf8.ts";
import type { WebSocketEvent } from "./websocket-event.ts";
import {
  checkReserved,
  deflatedBit,
  headerLength,
  opcodes,
  readClose,
  reservedBits,
  WebSocketError,
} from "./websocket-frame.ts";
import { applyMask, Unmasker } from "./websocket-mask.ts";

export type { WebSocketEvent } from "./websocket-event.ts";
export { acceptKey, closePayload, encodeFrame, opcodes, WebSocketError } from "./websocket-frame.ts";
export { applyMask } from "./websocket-mask.ts";

/** How a reader is set up. */
export interface WebSocketReaderOptions {
  /** Whether frames must be masked: yes at a server, no at a client. */
  readonly isMasked: boolean;
  /** Largest message; each of its frames counts 16 bytes on top. @default 16 MiB */
  readonly maxMessageBytes?: number;
  /** The bytes that are pushed may be changed: what comes in one piece is not copied, but unmasked where it stands. @default false */
  readonly ownsBytes?: boolean;
  /** Compression was agreed upon (RFC 7692): RSV1 may be set on the first frame of a message. @default false */
  readonly allowsDeflate?: boolean;
}

/** What every frame is charged beside its payload. */
const frameCharge = 16;

/** Reads one direction of one connection. */
export class WebSocketReader {
  readonly #isMasked: boolean;
  readonly #maxBytes: number;
  readonly #ownsBytes: boolean;
  readonly #allowsDeflate: boolean;
  /** The bytes of a header that did not come in one piece with its payload; made for the first of them. */
  #header = noBytes;
  #headerHas = 0;
  #frame: Frame | undefined;
  #message: Message | undefined;
  #isClosed = false;
  #failure: WebSocketError | undefined;
  #read = 0;

  constructor(options: WebSocketReaderOptions) {
    this.#isMasked = options.isMasked;
    this.#maxBytes = options.maxMessageBytes ?? 16 * 1024 * 1024;
    this.#ownsBytes = options.ownsBytes ?? false;
    this.#allowsDeflate = options.allowsDeflate ?? false;
  }

  /** Whether nothing waits for the rest of a frame or of a message. */
  get isBetweenMessages(): boolean {
    return this.#headerHas === 0 && this.#frame === undefined && this.#message === undefined;
  }

  /** Why the connection has to be failed, with the code to close with: what is wrong behind the last event. */
  get failure(): WebSocketError | undefined {
    return this.#failure;
  }

  /**
   * What became complete with these bytes, up to what breaks the rules: `failure` tells of that. After a close frame
   * (RFC 6455 section 5.5.1), and after a failure, nothing more is read.
   */
  push(bytes: Uint8Array): WebSocketEvent[] {
    const events: WebSocketEvent[] = [];
    if (this.#failure) return events;
    try {
      this.#readAll(bytes, events);
    } catch (error) {
      if (!(error instanceof WebSocketError)) throw error;
      this.#failure = error;
    }
    this.#read += bytes.length;
    return events;
  }

  #readAll(bytes: Uint8Array, events: WebSocketEvent[]): void {
    let at = 0;
    const unmasker = new Unmasker(bytes);
    while (at < bytes.length && !this.#isClosed) {
      if (this.#frame === undefined) {
        if (this.#headerHas === 0) {
          const end = this.#readWhole(bytes, at, unmasker, events);
          if (end > 0) {
            at = end;
            continue;
          }
        }
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
  }

  /**
   * Reads a message, or a control frame, that has come in one frame and in one piece: nearly all do.
   * @returns where it ends; 0 when it is none
   */
  #readWhole(bytes: Uint8Array, at: number, unmasker: Unmasker, events: WebSocketEvent[]): number {
    if (bytes.length - at < 2) return 0;
    const first = bytes[at]!;
    const second = bytes[at + 1]!;
    this.#checkStart(first, second);
    const opcode = first & 15;
    if ((first & (0x80 | deflatedBit)) !== 0x80 || opcode === opcodes.continuation) return 0;
    let length = second & 0x7f;
    let from = at + 2;
    if (length > 125) {
      // What is longer than one piece of a socket's bytes can be comes in several.
      if (length === 127 || bytes.length - at < 4) return 0;
      length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
      from += 2;
    }
    const maskAt = from;
    if (this.#isMasked) from += 4;
    const end = from + length;
    if (end > bytes.length || length < (second & 0x7f) || length > this.#maxBytes) return 0;
    let payload = Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset + from, length);
    if (this.#ownsBytes) {
      if (this.#isMasked) unmasker.unmask(maskAt, from, end);
    } else {
      payload = Buffer.from(payload);
      if (this.#isMasked) applyMask(payload, bytes.subarray(maskAt, from), 0);
    }
    if (opcode === opcodes.text && !isUtf8(payload)) throw new WebSocketError(1007, "a text is not UTF-8");
    events.push(this.#event(opcode, payload, this.#read + end));
    return end;
  }

  #event(opcode: number, payload: Buffer, end: number): WebSocketEvent {
    if (opcode === opcodes.text) return { type: "text", payload, end };
    if (opcode === opcodes.binary) return { type: "binary", payload, end };
    if (opcode === opcodes.ping) return { type: "ping", payload, end };
    if (opcode === opcodes.pong) return { type: "pong", payload, end };
    this.#isClosed = true;
    return { ...readClose(payload), type: "close", end };
  }

  /** Copies header bytes until the header is whole; gives how many were taken. */
  #readHeader(bytes: Uint8Array, from: number): number {
    let at = from;
    if (this.#header.length === 0) this.#header = Buffer.alloc(14);
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
    if ((first & reservedBits) !== 0) checkReserved(first, this.#allowsDeflate);
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
    if (opcode >= 8) return { opcode, isFinal, length, mask, has: 0, into: new GrowingBuffer(length) };
    this.#message ??= {
      type: opcode === opcodes.text ? "text" : "binary",
      into: new GrowingBuffer(0),
      checker: undefined,
      isDeflated: (header[0]! & deflatedBit) !== 0,
      charged: 0,
    };
    this.#message.charged += length + frameCharge;
    // Deflate makes what it cannot compress a little longer.
    const spare = this.#message.isDeflated ? (this.#maxBytes >> 4) + 64 : 0;
    if (this.#message.charged > this.#maxBytes + frameCharge + spare) {
      throw new WebSocketError(1009, `a message over ${this.#maxBytes} bytes`);
    }
    return { opcode, isFinal, length, mask, has: 0, into: this.#message.into };
  }

  #readPayload(frame: Frame, piece: Uint8Array): void {
    const own = frame.into.append(piece, frame.length - frame.has);
    if (frame.mask) applyMask(own, frame.mask, frame.has);
    frame.has += piece.length;
    const message = frame.opcode < 8 ? this.#message : undefined;
    if (message?.type !== "text" || message.isDeflated) return;
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
    if (frame.opcode >= opcodes.close) return this.#event(frame.opcode, frame.into.bytes(), end);
    const message = this.#message;
    if (!frame.isFinal || message === undefined) return undefined;
    if (message.checker !== undefined && !message.checker.isComplete) {
      throw new WebSocketError(1007, "a text ends in the middle of a character");
    }
    this.#message = undefined;
    const { type, into } = message;
    return message.isDeflated
      ? { type, payload: into.bytes(), end, isDeflated: true }
      : { type, payload: into.bytes(), end };
  }
}

const noBytes = Buffer.alloc(0);

interface Frame {
  readonly opcode: number;
  readonly isFinal: boolean;
  readonly length: number;
  readonly mask: Uint8Array | undefined;
  readonly into: GrowingBuffer;
  has: number;
}

interface Message {
  readonly type: "text" | "binary";
  readonly into: GrowingBuffer;
  checker: Utf8Checker | undefined;
  readonly isDeflated: boolean;
  charged: number;
}

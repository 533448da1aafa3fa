import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { applyMask } from "./websocket-mask.ts";

/** What a frame carries: RFC 6455 section 5.2. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Why a connection is closed: RFC 6455 section 7.4.1. The first two never stand in a frame. */
export const closeCodes = { noStatus: 1005, abnormal: 1006, policyViolation: 1008 } as const;

/** The wire forbids it; `closeCode` is what the close frame should say (RFC 6455 section 7.4.1). */
export class WebSocketError extends Error {
  override readonly name = "WebSocketError";
  readonly closeCode: number;

  constructor(closeCode: number, message: string) {
    super(message);
    this.closeCode = closeCode;
  }
}

/** How a frame is written. The defaults make a server's single-frame message. */
export interface FrameOptions {
  /** Four bytes; a client must mask every frame with fresh ones (RFC 6455 section 5.3). */
  readonly mask?: Uint8Array;
  /** Whether this is the last frame of its message. @default true */
  readonly isFinal?: boolean;
  /** Bits of RSV1 to RSV3 as 4, 2 and 1: 4 for a message that is deflated (RFC 7692). @default 0 */
  readonly reserved?: number;
}

/** Bits of the first byte of a frame: RSV1 to RSV3. */
export const reservedBits = 0x70;
/** RSV1. */
export const deflatedBit = 0x40;

/**
 * RSV1 means something on the first frame of a message that is deflated, and nowhere else (RFC 7692 section 6).
 * @throws WebSocketError 1002
 */
export function checkReserved(first: number, allowsDeflate: boolean): void {
  const opcode = first & 15;
  if (!allowsDeflate || (first & reservedBits) !== deflatedBit)
    throw new WebSocketError(1002, "a reserved bit is set, and no extension was agreed");
  if (opcode !== opcodes.text && opcode !== opcodes.binary)
    throw new WebSocketError(1002, "RSV1 is set on a frame that does not begin a message");
}

/** The bytes of one frame. */
export function encodeFrame(opcode: number, payload: Uint8Array, options: FrameOptions = {}): Buffer {
  const { mask, isFinal = true, reserved = 0 } = options;
  const size = payload.length;
  const lengthBytes = size < 126 ? 0 : size < 65_536 ? 2 : 8;
  const head = 2 + lengthBytes + (mask ? 4 : 0);
  const frame = Buffer.allocUnsafe(head + size);
  frame[0] = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode;
  const bit = mask ? 0x80 : 0;
  if (lengthBytes === 0) frame[1] = bit | size;
  else if (lengthBytes === 2) {
    frame[1] = bit | 126;
    frame.writeUInt16BE(size, 2);
  } else {
    frame[1] = bit | 127;
    frame.writeBigUInt64BE(BigInt(size), 2);
  }
  frame.set(payload, head);
  if (mask) {
    frame.set(mask, head - 4);
    applyMask(frame.subarray(head), mask, 0);
  }
  return frame;
}

/** The payload of a close frame: a code and a reason of at most 123 bytes, or nothing. */
export function closePayload(code?: number, reason = ""): Buffer {
  if (code === undefined) return Buffer.alloc(0);
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  if (payload.length > 125) throw new TypeError("the reason of a close frame has at most 123 bytes");
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2);
  return payload;
}

/** Whether a peer may send the code: RFC 6455 sections 7.4.1 and 7.4.2, and the IANA registry. */
export function isValidCloseCode(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

/** `Sec-WebSocket-Accept` for a `Sec-WebSocket-Key`: RFC 6455 section 4.2.2. */
export function acceptKey(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

/** How long the header is, as far as its first two bytes tell. */
export function headerLength(header: Uint8Array, has: number): number {
  if (has < 2) return 2;
  const short = header[1]! & 0x7f;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  return 2 + lengthBytes + ((header[1]! & 0x80) === 0 ? 0 : 4);
}

/** What a close frame says (RFC 6455 section 5.5.1): nothing, or a code and a reason in UTF-8. */
export function readClose(payload: Buffer): { readonly code: number | undefined; readonly reason: string } {
  if (payload.length === 0) return { code: undefined, reason: "" };
  if (payload.length === 1) throw new WebSocketError(1002, "half a close code");
  const code = payload.readUInt16BE(0);
  if (!isValidCloseCode(code)) throw new WebSocketError(1002, `nobody may send the close code ${code}`);
  const reason = payload.subarray(2);
  if (!isUtf8(reason)) throw new WebSocketError(1007, "the reason of a close is not UTF-8");
  return { code, reason: reason.toString("utf8") };
}

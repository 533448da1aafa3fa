import { createHash } from "node:crypto";
import { applyMask } from "./websocket-mask.ts";

/** What a frame carries: RFC 6455 section 5.2. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

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
  /** Bits of RSV1 to RSV3 as 4, 2 and 1; only for tests of the other side. @default 0 */
  readonly reserved?: number;
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

import { createHash, randomBytes } from "node:crypto";

/** RFC 6455 section 4.2.2. */
export function acceptKey(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

/** What a frame is: a whole binary message, or the farewell. */
const opcodes = { message: 2, close: 8 } as const;

/** A whole binary message in one frame (RFC 6455 section 5.2), masked when a client sends it. */
export function frameOf(payload: Buffer, isMasked: boolean, what: keyof typeof opcodes = "message"): Buffer {
  const size = payload.length;
  const head = Buffer.alloc(2 + (size < 126 ? 0 : size < 65_536 ? 2 : 8));
  head[0] = 0x80 | opcodes[what];
  head[1] = size < 126 ? size : size < 65_536 ? 126 : 127;
  if (size >= 65_536) head.writeBigUInt64BE(BigInt(size), 2);
  else if (size >= 126) head.writeUInt16BE(size, 2);
  if (!isMasked) return Buffer.concat([head, payload]);
  head[1] |= 0x80;
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, masked(payload, mask)]);
}

/** The close frame of somebody who has no reason (RFC 6455 section 5.5.1). */
export function closeFrame(isMasked: boolean): Buffer {
  return frameOf(Buffer.alloc(0), isMasked, "close");
}

/** Cut a stream into messages. Good enough for a peer that sends whole messages, and no pings. */
export function frameReader(hear: (message: Buffer) => void, farewell: () => void): (piece: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (piece) => {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    for (;;) {
      if (rest.length < 2) return;
      const short = rest[1]! & 0x7f;
      const start = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
      const maskAt = start;
      const from = start + ((rest[1]! & 0x80) === 0 ? 0 : 4);
      if (rest.length < from) return;
      const size =
        short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
      if (rest.length < from + size) return;
      const payload = rest.subarray(from, from + size);
      if ((rest[0]! & 15) === opcodes.close) farewell();
      else hear(from > maskAt ? masked(payload, rest.subarray(maskAt, from)) : payload);
      rest = rest.subarray(from + size);
    }
  };
}

function masked(payload: Buffer, mask: Buffer): Buffer {
  return Buffer.from(payload.map((byte, index) => byte ^ mask[index & 3]!));
}

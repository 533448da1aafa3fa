import type { Sink, Stage } from "../../passage.ts";
import { opcodes } from "../../websocket-frame.ts";
import type { Effect } from "../fault.ts";

/** Pings are not answered (RFC 6455 section 5.5.3): a client that looks after its connection takes it for dead. */
export interface NoPongFault {
  readonly fault: "no_pong";
}

export function noPong(_fault: NoPongFault): Effect {
  return { title: "no pong", direction: "S", needsClear: true, stage: () => new WithoutPongs() };
}

const endOfHead = Buffer.from("\r\n\r\n");

/**
 * Leaves the pongs out of a server's frames. It begins with a frame, or with the response of the handshake, which goes
 * through as it is.
 */
class WithoutPongs implements Stage {
  #isHandshake: boolean | undefined;
  /** The beginning of a response, or of a frame's head, that is not whole. */
  #held: Buffer = Buffer.alloc(0);
  /** Bytes of the frame under way that are still to come, and whether they go on. */
  #left = 0;
  #isDropped = false;

  get heldBytes(): number {
    return this.#held.length;
  }

  write(bytes: Buffer, next: Sink): void {
    let rest = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    this.#held = Buffer.alloc(0);
    // No frame of a server begins with an H: it would be of a reserved opcode.
    this.#isHandshake ??= rest.toString("latin1", 0, 1) === "H";
    if (this.#isHandshake) {
      const end = rest.indexOf(endOfHead) + endOfHead.length;
      if (end < endOfHead.length) {
        this.#held = rest;
        return;
      }
      this.#isHandshake = false;
      next.write(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    while (rest.length > 0) {
      if (this.#left === 0 && !this.#begin(rest)) {
        this.#held = Buffer.from(rest);
        return;
      }
      const piece = rest.subarray(0, this.#left);
      if (!this.#isDropped) next.write(piece);
      this.#left -= piece.length;
      rest = rest.subarray(piece.length);
    }
  }

  end(next: Sink): void {
    this.leave(next);
    next.end();
  }

  leave(next: Sink): void {
    if (this.#held.length > 0) next.write(this.#held);
    this.#held = Buffer.alloc(0);
  }

  /** Reads the head of a frame; false while it is not whole. */
  #begin(bytes: Buffer): boolean {
    if (bytes.length < 2) return false;
    const short = bytes[1]! & 0x7f;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const headBytes = 2 + lengthBytes + ((bytes[1]! & 0x80) === 0 ? 0 : 4);
    if (bytes.length < headBytes) return false;
    const length =
      lengthBytes === 0
        ? short
        : lengthBytes === 2
          ? bytes.readUInt16BE(2)
          : Number(bytes.readBigUInt64BE(2));
    this.#left = headBytes + length;
    this.#isDropped = (bytes[0]! & 15) === opcodes.pong;
    return true;
  }
}

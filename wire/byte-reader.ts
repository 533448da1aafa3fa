import type { Socket } from "node:net";
import { WireError } from "./errors.ts";

/** A message at the beginning of some bytes: how many of them it is, and what it says. */
export interface Parsed {
  readonly bytes: number;
}

/** Gives the message in front of these bytes, or asks for more of them. */
export type Parser<Message extends Parsed> = (bytes: Buffer) => Message | "incomplete";

/**
 * Takes messages from a socket one by one, as somebody asks for them. Nothing is read from the kernel meanwhile, so who
 * speaks without being asked is slowed down by TCP itself; and what follows the last message is still there for whoever
 * gets the socket next. One asks at a time.
 */
export class ByteReader {
  readonly socket: Socket;
  #held: Buffer = Buffer.alloc(0);
  #hasEnded = false;
  #wake: (() => void) | undefined;

  /** @param socket one that nobody reads, and whose errors somebody handles */
  constructor(socket: Socket) {
    this.socket = socket;
    socket.pause();
    socket.on("data", this.#hear);
    socket.on("end", this.#end);
    socket.on("close", this.#close);
  }

  /** Whether the other side has sent its FIN, and all before it was taken. */
  get isAtEnd(): boolean {
    return this.#hasEnded && this.#held.length === 0;
  }

  /** Bytes that have come and that nobody has taken. */
  get heldBytes(): number {
    return this.#held.length;
  }

  /** The next byte, which stays where it is; undefined when it has not come. */
  get firstByte(): number | undefined {
    return this.#held[0];
  }

  /**
   * The next message.
   * @param maxBytes how long it may be
   * @throws WireError CONNECTION_LOST when the connection ends before, MESSAGE_TOO_LARGE; what the parser throws
   */
  async read<Message extends Parsed>(parse: Parser<Message>, maxBytes: number): Promise<Message> {
    for (;;) {
      const message = this.#held.length > 0 ? parse(this.#held) : "incomplete";
      if (message !== "incomplete") {
        this.#held = this.#held.subarray(message.bytes);
        return message;
      }
      if (this.#held.length >= maxBytes)
        throw new WireError(
          "MESSAGE_TOO_LARGE",
          `${this.#name} said more than ${maxBytes} bytes without an end`,
        );
      if (!(await this.more())) throw new WireError("CONNECTION_LOST", `${this.#name} ended in mid-message`);
    }
  }

  /** The next bytes, at most so many; nothing at the end. @throws WireError CONNECTION_LOST */
  async some(maxBytes: number): Promise<Buffer | undefined> {
    if (this.#held.length === 0 && !(await this.more())) return undefined;
    const bytes = this.#held.subarray(0, maxBytes);
    this.#held = this.#held.subarray(bytes.length);
    return bytes;
  }

  /**
   * Wait for something that nobody has taken yet.
   * @returns whether there is more than before; not when the other side has ended
   * @throws WireError CONNECTION_LOST when the connection broke
   */
  async more(): Promise<boolean> {
    const before = this.#held.length;
    if (!this.#hasEnded && !this.socket.destroyed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.socket.resume();
      });
    }
    if (this.#held.length > before) return true;
    if (!this.#hasEnded) throw new WireError("CONNECTION_LOST", `${this.#name} broke off`);
    return false;
  }

  /** Give the socket back, paused, with everything in it that was not taken. */
  release(): Socket {
    this.socket.off("data", this.#hear);
    this.socket.off("end", this.#end);
    this.socket.off("close", this.#close);
    if (this.#held.length > 0) this.socket.unshift(this.#held);
    return this.socket;
  }

  get #name(): string {
    return this.socket.remoteAddress ?? "the other side";
  }

  readonly #hear = (bytes: Buffer): void => {
    this.socket.pause();
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    this.#wake?.();
  };

  readonly #end = (): void => {
    this.#hasEnded = true;
    this.#wake?.();
  };

  readonly #close = (): void => this.#wake?.();
}

/**
 * Write to a socket, and wait while its other side does not read.
 * @throws WireError CONNECTION_LOST when it is gone
 */
export async function writeAll(socket: Socket, bytes: string | Uint8Array): Promise<void> {
  if (!socket.destroyed && socket.write(bytes)) return;
  if (!socket.destroyed) {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        socket.off("drain", done);
        socket.off("close", done);
        resolve();
      };
      socket.on("drain", done);
      socket.on("close", done);
    });
  }
  if (socket.destroyed) throw new WireError("CONNECTION_LOST", "the other side is gone");
}

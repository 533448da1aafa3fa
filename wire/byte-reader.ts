import type { Socket } from "node:net";
import { WireError } from "./errors.ts";

/** A message at the beginning of some bytes: how many of them it is, and what it says. */
export interface Parsed {
  readonly bytes: number;
}

/** Gives the message in front of these bytes, or asks for more of them. */
export type Parser<Message extends Parsed> = (bytes: Buffer) => Message | "incomplete";

/**
 * Takes messages from a socket one by one, as somebody asks for them. What nobody has asked for stays in the socket, so
 * that who speaks without being asked is slowed down by TCP, and whoever gets the socket next finds what follows the
 * last message, and its end. One asks at a time.
 */
export class ByteReader {
  readonly socket: Socket;

  /** @param socket one that nobody reads, and whose errors somebody handles */
  constructor(socket: Socket) {
    this.socket = socket;
    socket.pause();
  }

  /**
   * The next message.
   * @param maxBytes how long it may be
   * @throws WireError CONNECTION_LOST when the connection ends before, MESSAGE_TOO_LARGE; what the parser throws
   */
  async read<Message extends Parsed>(parse: Parser<Message>, maxBytes: number): Promise<Message> {
    let held = this.#take();
    for (;;) {
      const message = held && parse(held);
      if (held && message && message !== "incomplete") {
        this.#putBack(held.subarray(message.bytes));
        return message;
      }
      if (held && held.length >= maxBytes)
        throw new WireError("MESSAGE_TOO_LARGE", `${this.#name} said over ${maxBytes} bytes without an end`);
      const next = await this.#next();
      if (!next) throw new WireError("CONNECTION_LOST", `${this.#name} ended in mid-message`);
      held = held ? Buffer.concat([held, next]) : next;
    }
  }

  /** The next bytes, at most so many; nothing at the end. @throws WireError CONNECTION_LOST */
  async some(maxBytes: number): Promise<Buffer | undefined> {
    const bytes = this.#take() ?? (await this.#next());
    if (bytes) this.#putBack(bytes.subarray(maxBytes));
    return bytes?.subarray(0, maxBytes);
  }

  /** The next byte, which stays where it is; nothing at the end. @throws WireError CONNECTION_LOST */
  async peek(): Promise<number | undefined> {
    const bytes = this.#take() ?? (await this.#next());
    if (bytes) this.#putBack(bytes);
    return bytes?.[0];
  }

  get #name(): string {
    return this.socket.remoteAddress ?? "the other side";
  }

  #take(): Buffer | undefined {
    return (this.socket.read() as Buffer | null) ?? undefined;
  }

  #putBack(bytes: Buffer): void {
    if (bytes.length > 0) this.socket.unshift(bytes);
  }

  /** What comes next; nothing at the end. */
  #next(): Promise<Buffer | undefined> {
    const { socket } = this;
    return new Promise((resolve, reject) => {
      const settle = (bytes: Buffer | undefined, error?: Error): void => {
        socket.pause();
        socket.off("data", settle).off("end", end).off("close", close);
        if (error) reject(error);
        else resolve(bytes);
      };
      const end = (): void => settle(undefined);
      const close = (): void =>
        settle(undefined, new WireError("CONNECTION_LOST", "the other side broke off"));
      if (socket.readableEnded) end();
      else if (socket.destroyed) close();
      else socket.on("data", settle).on("end", end).on("close", close).resume();
    });
  }
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

import type { Socket } from "node:net";
import { writeAll } from "../../wire/byte-reader.ts";
import { Passage } from "../../wire/passage.ts";

/** One direction of forwarded messages: to the client, or to whatever target there is now; stages may stand in it. */
export class HttpLeg {
  socket: Socket | undefined;
  #passage: Passage | undefined;
  #room: (() => void) | undefined;

  /** What the bytes go through; made when somebody asks for it. */
  get passage(): Passage {
    if (this.#passage) return this.#passage;
    this.#passage = new Passage({
      write: (bytes) => void (this.socket?.writable && this.socket.write(bytes)),
      end: () => void this.socket?.end(),
      reset: () => void this.socket?.resetAndDestroy(),
    });
    this.#passage.whenRoom = () => this.#room?.();
    return this.#passage;
  }

  /** Write, and wait while nobody reads. @throws WireError CONNECTION_LOST */
  async write(bytes: Buffer): Promise<void> {
    const { socket } = this;
    if (!socket) return;
    if (!this.#passage) {
      if (socket.writable) await writeAll(socket, bytes);
      return;
    }
    this.#passage.write(bytes);
    if (this.#passage.isFull) await new Promise<void>((resolve) => (this.#room = resolve));
    if (socket.writableNeedDrain) await writeAll(socket, Buffer.alloc(0));
  }

  /** End the message, and the connection behind it when it does not stay open. */
  async finish(endsConnection: boolean): Promise<void> {
    if (endsConnection) (this.#passage ?? this.socket)?.end();
    await this.#passage?.emptied();
  }

  close(): void {
    this.#passage?.close();
    this.#room?.();
  }
}

import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { isIPv6, type Socket } from "node:net";
import { WireError } from "../../wire/errors.ts";

/** What carries bytes to one peer and back. */
export interface Carrier {
  /** Bytes arrived; for datagrams and WebSocket one message. */
  hear: (bytes: Buffer) => void;
  /** The other side has said all it will say; with an error when the connection broke. */
  ended: (error?: Error) => void;
  /** Every write is a message of its own. */
  readonly hasMessages: boolean;
  write(bytes: Uint8Array, isText: boolean): void;
  /** Resolved when what was written has left. */
  flushed(): Promise<void>;
  /** FIN: we have said all we will say. */
  end(): void;
  reset(): void;
  destroy(): void;
}

/** TCP, TLS and unix sockets. */
export class StreamCarrier implements Carrier {
  hear = (_bytes: Buffer): void => {};
  ended = (_error?: Error): void => {};
  readonly hasMessages = false;
  readonly #socket: Socket;
  #isOver = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (bytes) => this.hear(bytes));
    socket.on("end", () => this.#end());
    socket.on("error", (error) => this.#end(error));
    socket.on("close", () => this.#end());
    // Bytes that come before somebody listens wait in the socket.
    socket.pause();
    queueMicrotask(() => socket.resume());
  }

  write(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  flushed(): Promise<void> {
    return whenWritten(this.#socket);
  }

  end(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  destroy(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  #end(error?: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.ended(error);
  }
}

/** Datagrams to one address. Nobody can end them, so they end when we do. */
export class DatagramCarrier implements Carrier {
  hear = (_bytes: Buffer): void => {};
  ended = (_error?: Error): void => {};
  readonly hasMessages = true;
  readonly #socket: DatagramSocket;
  #pending: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(socket: DatagramSocket) {
    this.#socket = socket;
    socket.on("message", (bytes) => this.hear(bytes));
    // A host may tell that nobody listens there (ICMP).
    socket.on("error", (error) => this.ended(error));
  }

  /** @throws WireError CONNECT_FAILED */
  static async open(host: string, port: number): Promise<DatagramCarrier> {
    const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
    await new Promise<void>((resolve, reject) => {
      socket.once("error", (cause) =>
        reject(
          new WireError("CONNECT_FAILED", `cannot send to ${host}:${port}: ${cause.message}`, { cause }),
        ),
      );
      socket.connect(port, host, resolve);
    });
    socket.removeAllListeners("error");
    return new DatagramCarrier(socket);
  }

  write(bytes: Uint8Array): void {
    this.#pending = new Promise((resolve) => this.#socket.send(bytes, resolve));
  }

  async flushed(): Promise<void> {
    await this.#pending;
  }

  end(): void {}

  reset(): void {
    this.destroy();
  }

  destroy(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }
}

/** Resolved when what was written to a socket has left it, or never will. */
export function whenWritten(socket: Socket): Promise<void> {
  if (!socket.writable || socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const settle = (): void => {
      socket.off("close", settle);
      resolve();
    };
    socket.once("close", settle);
    socket.write(new Uint8Array(), settle);
  });
}

import { Duplex } from "node:stream";
import type { Connection } from "../../wire/connection.ts";
import type { WebRequest } from "./request.ts";

/**
 * Asked about a request that wants another protocol. Call `accept` with the fields of the 101 to switch: it gives the
 * connection as a stream. Leave it, and the request is answered like others.
 */
export type OnUpgrade = (
  request: WebRequest,
  accept: (headers?: Readonly<Record<string, string>>) => Duplex,
) => void | Promise<void>;

/** Answer 101: what comes and goes from now on is the tunnel's. @returns it, and the head as the transcript shows it */
export function switchProtocols(
  connection: Connection,
  headers: Readonly<Record<string, string>>,
): { readonly tunnel: Tunnel; readonly head: string } {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = ["HTTP/1.1 101 Switching Protocols", ...lines];
  connection.say(Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"));
  connection.flush();
  const tunnel = new Tunnel(connection);
  tunnel.on("error", () => {});
  return { tunnel, head: head.join("\n") };
}

/** A connection that has left HTTP, as a stream of bytes in both directions. */
export class Tunnel extends Duplex {
  readonly #connection: Connection;
  #written: (() => void) | undefined;

  constructor(connection: Connection) {
    super({ allowHalfOpen: true });
    this.#connection = connection;
  }

  /** From the connection: bytes have come. */
  received(bytes: Buffer): void {
    if (!this.push(bytes)) this.#connection.pause();
  }

  /** From the connection: the client has ended. */
  ended(): void {
    this.push(null);
  }

  /** From the connection: there is room again. */
  drained(): void {
    const written = this.#written;
    this.#written = undefined;
    written?.();
  }

  override _read(): void {
    this.#connection.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#connection.say(chunk);
    this.#connection.flush();
    if (this.#connection.isCongested) this.#written = callback;
    else callback();
  }

  override _final(callback: () => void): void {
    this.#connection.end();
    callback();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (this.writableFinished && this.readableEnded) this.#connection.destroySoon();
    else this.#connection.destroy();
    callback(error);
  }
}

import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { TlsRecords } from "./tls-records.ts";

/**
 * What TLS stands on where it may end before the connection does. node:tls takes a socket over for good: it reads from
 * it by itself, and ends it with its own goodbye (close_notify). So it is given this in place of the socket:
 *
 * ```
 * TLSSocket ──► TlsGround ──► socket          TLSSocket      (gone)
 *           ◄──           ◄──        ── part, keep, release ──►      socket ──► whoever is next
 * ```
 */
export class TlsGround extends Duplex {
  readonly #socket: Socket;
  readonly #records = new TlsRecords();
  /** Told of the first byte that is not TLS any more. */
  #spokenInClear: (() => void) | undefined;
  /** TLS says goodbye to the other side, and the socket stays. */
  #isKept = false;
  #isReleased = false;

  /** @param socket paused, and nobody listens to it any longer */
  constructor(socket: Socket) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on("data", this.#onData);
    socket.on("end", this.#onEnd);
    socket.on("close", this.#onClose);
  }

  /** The other side may end TLS: what comes in clear stays in the socket. @param spoken is told when that is there */
  part(spoken: () => void): void {
    this.#spokenInClear = spoken;
  }

  /** Read nothing more; the end of TLS is not the end of the socket from here on. */
  keep(): void {
    this.#isKept = true;
    this.#socket.pause();
    this.#socket.off("data", this.#onData);
  }

  /** Let go of the socket. @returns what TLS may still say over it begins where these end */
  release(): TlsRecords {
    this.#isReleased = true;
    this.#forget();
    return this.#records;
  }

  override _read(): void {
    if (!this.#isKept) this.#socket.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(bytes, done);
  }

  override _writev(parts: readonly { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#socket.write(Buffer.concat(parts.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#isKept) done();
    else this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#isReleased) {
      this.#forget();
      this.#socket.destroy();
    }
    done(error);
  }

  readonly #onData = (bytes: Buffer): void => {
    const length = this.#records.follow(bytes);
    const spoken = this.#spokenInClear;
    const isClear = spoken !== undefined && length < bytes.length;
    if (!this.push(isClear ? bytes.subarray(0, length) : bytes)) this.#socket.pause();
    if (!isClear) return;
    this.#socket.pause();
    this.#socket.unshift(bytes.subarray(length));
    spoken();
  };

  readonly #onEnd = (): void => void this.push(null);

  readonly #onClose = (): void => void this.destroy();

  #forget(): void {
    this.#socket.off("data", this.#onData);
    this.#socket.off("end", this.#onEnd);
    this.#socket.off("close", this.#onClose);
  }
}

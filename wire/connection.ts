import type { Socket } from "node:net";
import { flushSoon } from "./burst.ts";
import type { ConnectionOptions, ConnectionOwner } from "./connection-owner.ts";
import { attach, detach } from "./connection-socket.ts";
import { WireError } from "./errors.ts";
import { Passage } from "./passage.ts";
import { bytesOf, type Said, Unsent } from "./said.ts";
import type { TlsRecords } from "./tls-records.ts";
import { beginTls, endTls, plainOf, type TlsFacts, type TlsUpgrade } from "./tls-upgrade.ts";

export type { ConnectionOwner } from "./connection-owner.ts";
export type { Said } from "./said.ts";
export type { TlsFacts, TlsUpgrade } from "./tls-upgrade.ts";

/**
 * One socket at either end. What is said between two flushes leaves in one write; nothing is read while the other side
 * does not read us; TLS can begin in mid-stream.
 */
export class Connection {
  /** The address of the other side; kept, because a closed socket forgets it. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly owner: ConnectionOwner;
  /** How text becomes bytes; `latin1` where a character stands for a byte. */
  readonly encoding: "utf8" | "latin1";
  tls: TlsFacts | undefined;
  #incoming: Passage | undefined;
  #outgoing: Passage | undefined;
  #socket: Socket;
  /** The socket below TLS, or the same. */
  readonly #plain: Socket;
  readonly #unsent = new Unsent();
  #error: Error | undefined;
  #isClosed = false;
  #isPaused = false;
  /** TLS has ended: what the other side still says over it, above all its goodbye, is not heard. */
  #farewell: TlsRecords | undefined;
  #isDestroyedSoon = false;

  constructor(socket: Socket, owner: ConnectionOwner, { client, encoding = "utf8" }: ConnectionOptions = {}) {
    this.encoding = encoding;
    this.#socket = socket;
    this.#plain = plainOf(socket);
    this.owner = owner;
    this.remoteAddress = client?.address ?? socket.remoteAddress ?? "";
    this.remotePort = client?.port ?? socket.remotePort ?? 0;
    attach(this, socket);
  }

  get socket(): Socket {
    return this.#socket;
  }

  /** Our own address, which a socket above TLS need not know. */
  get localAddress(): string {
    return this.#plain.localAddress ?? "";
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether nothing is read, as its owner wanted. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Whether the other side reads more slowly than we speak. */
  get isCongested(): boolean {
    return this.#socket.writableNeedDrain || this.#outgoing?.isFull === true;
  }

  /** Bytes said and flushed that the other side has not taken yet. */
  get waitingBytes(): number {
    return this.#socket.writableLength + this.heldBytes;
  }

  /** The part of `waitingBytes` that faults hold back on purpose. */
  get heldBytes(): number {
    return this.#outgoing?.heldBytes ?? 0;
  }

  /** What everything goes through that we say from now on; made when first asked for. */
  get outgoing(): Passage {
    if (this.#outgoing) return this.#outgoing;
    this.#outgoing = new Passage({
      write: (bytes) => void (this.#socket.writable && this.#socket.write(bytes)),
      end: () => this.#end(),
      reset: () => this.reset(),
    });
    this.#outgoing.whenRoom = () => {
      if (!this.#socket.writableNeedDrain) this.owner.drained();
    };
    return this.#outgoing;
  }

  /** The same for what the other side says. */
  get incoming(): Passage {
    if (this.#incoming) return this.#incoming;
    this.#incoming = new Passage({
      write: (bytes) => this.owner.received(bytes),
      end: () => this.owner.ended(),
      reset: () => this.reset(),
    });
    this.#incoming.whenRoom = () => {
      if (!this.#isPaused) this.#socket.resume();
    };
    return this.#incoming;
  }

  /** Whether so much was said since the last flush that it should leave before more is said. */
  get isFull(): boolean {
    return this.#unsent.isFull;
  }

  /** Say something with the next flush. */
  say(said: Said): void {
    this.#unsent.add(said);
  }

  /** Send all that was said, in one write, when the others have been heard who spoke at the same time. */
  flushSoon(): void {
    if (this.#unsent.length > 0) flushSoon(this);
  }

  /** Send all that was said, in one write. */
  flush(): void {
    if (this.#unsent.length === 0) return;
    const said = this.#unsent.take(this.encoding);
    if (!this.#socket.writable) return;
    if (this.#outgoing) this.#outgoing.write(bytesOf(said, this.encoding));
    else if (typeof said === "string") this.#socket.write(said, this.encoding);
    else this.#socket.write(said);
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (!this.#incoming?.isFull) this.#socket.resume();
  }

  /** Send the rest and a FIN; we still read until the other side ends too. */
  end(): void {
    this.flush();
    if (this.#outgoing) this.#outgoing.end();
    else this.#end();
    // Unread bytes would turn our FIN into a reset, and the last reply would be lost with it.
    this.#socket.resume();
  }

  /**
   * Send the rest, and close without waiting for the other side, which has said that nothing more comes. That spares a
   * reset to those who go without reading our last words, and us the error that it is.
   */
  part(): void {
    this.flush();
    // TLS has a farewell of its own; faults and slow readers take their time.
    const isSent = this.#socket.writableLength === 0 && !this.#outgoing && !this.#incoming;
    if (isSent && this.#socket === this.#plain) this.#socket.destroy();
    else this.end();
  }

  /** Send a reset (RST). Nothing said before may be waiting, or it is lost. */
  reset(): void {
    this.#unsent.clear();
    // While a FIN is on its way, libuv refuses to reset (EINVAL), and node:net would wait for that for ever.
    if (this.#plain.writableEnded && !this.#plain.writableFinished) this.#plain.destroy();
    else this.#plain.resetAndDestroy();
    this.#socket.destroy();
  }

  /** Destroy when what was said has left. */
  destroySoon(): void {
    if (this.#outgoing && !this.#socket.writableEnded) this.#isDestroyedSoon = true;
    else this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /**
   * Speak TLS from here on. Bytes that arrived in clear before must have been dropped by the owner; what is still in
   * the socket's buffer is dropped here, so that nothing sent in clear is ever heard after the handshake.
   * @param early bytes of the handshake itself that came with what stood in front of it (a PROXY header)
   * @returns what was agreed
   * @throws WireError TLS_FAILED when the handshake does not end well; the connection is destroyed then
   */
  async startTls(upgrade: TlsUpgrade, early?: Buffer): Promise<TlsFacts> {
    this.flush();
    const plain = this.#socket;
    detach(plain);
    if (this.#outgoing) await this.#outgoing.emptied();
    // node:tls begins with what it finds in the socket's buffer.
    if (early && early.length > 0) plain.unshift(early);
    return await new Promise((resolve, reject) => {
      const secure = beginTls(plain, upgrade, {
        secured: (facts) => {
          this.tls = facts;
          attach(this, secure);
          resolve(facts);
        },
        failed: (failure) => {
          this.#error = failure ?? this.#error;
          reject(this.#broken("TLS_FAILED"));
          this.gone();
        },
      });
      this.#socket = secure;
    });
  }

  /**
   * End TLS, which must have begun with `mayEnd`, and go on in clear when our goodbye has left. Nobody need wait for the
   * other side's: some never send it (curl, asked to be passive).
   * @returns how many bytes came over TLS meanwhile and were dropped
   * @throws WireError CONNECTION_LOST when the connection ends instead
   */
  async endTls(): Promise<number> {
    this.flush();
    if (this.#outgoing) await this.#outgoing.emptied();
    if (this.#isClosed) throw this.#broken("CONNECTION_LOST");
    const secure = this.#socket;
    detach(secure);
    return await new Promise((resolve, reject) => {
      endTls(secure, {
        ended: ({ records, droppedBytes }) => {
          this.tls = undefined;
          this.#socket = this.#plain;
          this.#farewell = records;
          attach(this, this.#plain);
          if (!this.#isPaused) this.#plain.resume();
          resolve(droppedBytes);
          if (this.#plain.readableEnded) this.ended();
        },
        failed: () => {
          reject(this.#broken("CONNECTION_LOST"));
          this.gone();
        },
      });
    });
  }

  #broken(code: "TLS_FAILED" | "CONNECTION_LOST"): WireError {
    const why = this.#error?.message ?? "the connection ended";
    return new WireError(code, `with ${this.remoteAddress}: ${why}`, { cause: this.#error });
  }

  /** The socket's own news; nobody else calls it. */
  failed(error: Error): void {
    this.#error = error;
  }

  /** The socket's own news; nobody else calls it. */
  gone(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#incoming?.close();
    this.#outgoing?.close();
    this.owner.closed(this.#error);
  }

  /** The socket's own news; nobody else calls it. */
  heard(bytes: Buffer): void {
    if (this.#farewell) {
      const length = this.#farewell.follow(bytes);
      if (length === bytes.length) return;
      this.#farewell = undefined;
      this.heard(bytes.subarray(length));
      return;
    }
    if (!this.#incoming) {
      this.owner.received(bytes);
      return;
    }
    this.#incoming.write(bytes);
    if (this.#incoming.isFull) this.#socket.pause();
  }

  /** The socket's own news; nobody else calls it. */
  ended(): void {
    if (this.#incoming) this.#incoming.end();
    else this.owner.ended();
  }

  #end(): void {
    this.#socket.end();
    if (this.#isDestroyedSoon) this.#socket.destroySoon();
  }
}

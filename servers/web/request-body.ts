import { WireError } from "../../wire/errors.ts";
import { type HttpFields, noFields } from "../../wire/http-fields.ts";

/** What a body asks of its connection. */
export interface BodySource {
  /** Somebody begins to read: a client that waits for `100 Continue` is told to go on. */
  begin(): void;
  /** There is room again. */
  drained(): void;
}

/** Bytes that may wait for a reader before the client is asked to pause. */
const maxWaitingBytes = 65_536;

/**
 * The body of a request as it comes: read it as a stream, or whole. Nobody has to read it; what comes is counted, and
 * its beginning kept, all the same.
 */
export class RequestBody implements AsyncIterable<Buffer> {
  /** How much has come. */
  byteCount = 0;
  /** All of it has come. */
  isComplete = false;
  /** Fields behind a body in chunks. */
  trailers: HttpFields = noFields;
  readonly #source: BodySource;
  readonly #maxKeptBytes: number;
  #kept: Buffer[] | undefined;
  #keptBytes = 0;
  #waiting: Buffer[] | undefined;
  #waitingBytes = 0;
  #isUnread = false;
  #isRead = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(source: BodySource, maxKeptBytes: number) {
    this.#source = source;
    this.#maxKeptBytes = maxKeptBytes;
  }

  /** The beginning of it, as far as it has come. */
  get kept(): Buffer {
    if (this.#kept === undefined) return nothing;
    if (this.#kept.length > 1) this.#kept = [Buffer.concat(this.#kept)];
    return this.#kept[0] ?? nothing;
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** Whether somebody has begun to read it. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /** Whether the client should pause. */
  get isFull(): boolean {
    return this.#waitingBytes > maxWaitingBytes;
  }

  /** The pieces as they come. A body is read once. @throws WireError CONNECTION_LOST, PROTOCOL_VIOLATION, TIMED_OUT */
  async *[Symbol.asyncIterator](): AsyncIterableIterator<Buffer> {
    if (this.#isRead) throw new TypeError("a request's body can be read once; keep what it gave");
    this.#isRead = true;
    if (!this.isComplete) this.#source.begin();
    try {
      for (;;) {
        const piece = this.#waiting?.shift();
        if (piece !== undefined) {
          const wasFull = this.isFull;
          this.#waitingBytes -= piece.length;
          if (wasFull && !this.isFull) this.#source.drained();
          yield piece;
        } else if (this.#error) throw this.#error;
        else if (this.isComplete) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      this.leaveUnread();
    }
  }

  /** All of it. @throws WireError as the iteration */
  async bytes(): Promise<Buffer> {
    return Buffer.concat(await Array.fromAsync(this));
  }

  /** All of it as text in UTF-8. @throws WireError as the iteration */
  async text(): Promise<string> {
    return (await this.bytes()).toString();
  }

  /** All of it, read as JSON. @throws SyntaxError, WireError */
  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  /** From the connection: a piece has come. */
  add(piece: Buffer): void {
    this.byteCount += piece.length;
    const room = this.#maxKeptBytes - this.#keptBytes;
    if (room > 0) {
      // A copy: a small piece must not keep a large read buffer alive.
      (this.#kept ??= []).push(Buffer.from(piece.subarray(0, room)));
      this.#keptBytes += Math.min(room, piece.length);
    }
    if (this.#isUnread) return;
    (this.#waiting ??= []).push(piece);
    this.#waitingBytes += piece.length;
    this.#awake();
  }

  /** From the connection: it is complete, or has broken off. */
  end(error?: Error): void {
    if (error) this.#error = error;
    else this.isComplete = true;
    this.#awake();
  }

  /** Nobody will read the rest: nothing waits from now on. */
  leaveUnread(): void {
    this.#isUnread = true;
    const wasFull = this.isFull;
    this.#waiting = undefined;
    this.#waitingBytes = 0;
    if (wasFull) this.#source.drained();
  }

  /** Keep nothing of it any more. */
  forget(): void {
    this.#kept = undefined;
    this.#keptBytes = 0;
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

/** Why a body broke off. */
export function brokenOff(address: string): WireError {
  return new WireError("CONNECTION_LOST", `${address} went in the middle of a request's body`);
}

const nothing = Buffer.alloc(0);
const noSource: BodySource = { begin: () => {}, drained: () => {} };

/** The body of a request that has none. */
export function emptyBody(): RequestBody {
  const body = new RequestBody(noSource, 0);
  body.isComplete = true;
  return body;
}

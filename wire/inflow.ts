import type { Cutter } from "./lines.ts";
import type { BodyReader } from "./session.ts";

/** Bytes that may wait while a turn takes its time. */
const maxWaitingBytes = 65_536;

/** Messages that may wait behind a turn that takes its time. */
const maxWaiting = 100;

/**
 * What came over a connection and is not heard yet: bytes, messages that were cut from them too early, and the body
 * that the bytes belong to while there is one.
 */
export class Inflow<Message> {
  /** When the message or body under way began, in milliseconds since the epoch; 0 when none is. */
  beganMs = 0;
  readonly #cutter: Cutter<Message>;
  /** Bytes that are not heard yet begin at `#at`. */
  #rest: Buffer | undefined;
  #at = 0;
  /** Cut, and waiting for their turn behind one that takes time. */
  #waiting: Message[] | undefined;
  #body: BodyReader | undefined;
  #bodyBytes = 0;

  constructor(cutter: Cutter<Message>) {
    this.#cutter = cutter;
  }

  /** Whether all that came was heard. */
  get isEmpty(): boolean {
    return this.#rest === undefined && (this.#waiting?.length ?? 0) === 0;
  }

  /** Whether so much waits that nothing more should be read. */
  get isFull(): boolean {
    return (this.#rest?.length ?? 0) > maxWaitingBytes || this.#hasTooMany;
  }

  get #hasTooMany(): boolean {
    return (this.#waiting?.length ?? 0) > maxWaiting;
  }

  push(bytes: Buffer): void {
    this.#rest = this.#rest ? Buffer.concat([this.#rest.subarray(this.#at), bytes]) : bytes;
    this.#at = 0;
  }

  /** The next message whose turn it is. */
  next(nowMs: number): Message | undefined {
    return this.#waiting?.shift() ?? this.cut(nowMs);
  }

  /** The next message that is cut from the bytes, before those that wait. */
  cut(nowMs: number): Message | undefined {
    const rest = this.#rest;
    if (!rest) return undefined;
    const message = this.#cutter.cut(rest, this.#at);
    this.#at = this.#cutter.end;
    if (this.#at >= rest.length) this.#rest = undefined;
    if (message !== undefined) this.beganMs = 0;
    else if (this.beganMs === 0 && (this.#rest || this.#cutter.isInside)) this.beganMs = nowMs;
    return message;
  }

  /** Let a message wait for its turn. */
  defer(message: Message): void {
    (this.#waiting ??= []).push(message);
  }

  /** Whether more may be cut while a turn takes its time. */
  get hasRoom(): boolean {
    return !this.#hasTooMany;
  }

  /** What the next bytes belong to; without it they are messages. */
  get body(): BodyReader | undefined {
    return this.#body;
  }

  beginBody(body: BodyReader, nowMs: number): void {
    this.#body = body;
    this.#bodyBytes = 0;
    this.beganMs = nowMs;
  }

  /** Give the body what is there. @returns whether it took some of it, or needs nothing more */
  feed(body: BodyReader): boolean {
    if (body.isComplete) return true;
    const rest = this.#rest;
    if (!rest) return false;
    const taken = body.take(this.#at === 0 ? rest : rest.subarray(this.#at));
    this.#at += taken;
    this.#bodyBytes += taken;
    if (this.#at >= rest.length) this.#rest = undefined;
    return taken > 0 || body.isComplete;
  }

  /** The body is complete: messages come next. @returns how many bytes it took */
  endBody(): number {
    this.#body = undefined;
    this.beganMs = 0;
    return this.#bodyBytes;
  }

  /** Hear none of it, nor the rest of a body. @returns how many bytes were dropped */
  clear(): number {
    this.#body?.abort();
    this.#body = undefined;
    const dropped = this.#rest ? this.#rest.length - this.#at : 0;
    this.#rest = undefined;
    this.#waiting = undefined;
    return dropped;
  }
}

import type { Connection } from "../../wire/connection.ts";
import { chunkOf, lastChunk } from "../../wire/http-chunks.ts";
import { FileSlice, piecesOf } from "./file-slice.ts";
import { type Framing, framingOf, headText } from "./head-writer.ts";
import type { Answer, AnswerBody } from "./reply.ts";
import type { WebRequest } from "./request.ts";
import { perform, type Script } from "./script.ts";

/** Larger bodies leave in a write of their own, and are not copied behind their head. */
const maxJoinedBytes = 65_536;

/** Sends answers on one connection, no faster than the client reads them. */
export class AnswerWriter {
  /** The answer has begun to leave. */
  hasBegun = false;
  readonly #connection: Connection;
  readonly #record: (text: string) => void;
  readonly #gone = Promise.withResolvers<void>();
  readonly #left = Promise.withResolvers<void>();
  #room: PromiseWithResolvers<void> | undefined;

  /** @param record is told every head that leaves */
  constructor(connection: Connection, record: (text: string) => void) {
    this.#connection = connection;
    this.#record = record;
  }

  /** Resolves when the client has ended, or the connection is gone. */
  get left(): Promise<void> {
    return this.#left.promise;
  }

  /** From the connection: the client reads again. */
  drained(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  /** From the connection: the client has ended. */
  leave(): void {
    this.#left.resolve();
  }

  /** From the connection: it is gone. */
  close(): void {
    this.drained();
    this.#left.resolve();
    this.#gone.resolve();
  }

  /**
   * Send an answer. What is at hand is said, and leaves with the burst.
   * @param closes say that the connection ends behind it
   * @returns nothing when all was said; otherwise, when it is through, whether it was whole
   */
  write(answer: Answer, request: WebRequest, closes: boolean): Promise<boolean> | undefined {
    const isHead = request.method === "HEAD";
    const framing = framingOf(answer, isHead, request.version);
    const isClosed = closes || framing === "until the end";
    const keeps = request.version === "1.0" ? "keep-alive" : undefined;
    const sentBytes = this.#sayHead(answer, framing, isClosed ? "close" : keeps);
    request.sentBytes = sentBytes;
    const { body } = answer;
    if (isHead || framing === "none") return undefined;
    if (
      body.kind === "parts" &&
      body.byteCount <= maxJoinedBytes &&
      !body.parts.some((part) => part instanceof FileSlice)
    ) {
      for (const part of body.parts) this.#connection.say(part as Uint8Array);
      request.sentBytes += body.byteCount;
      return undefined;
    }
    this.hasBegun = true;
    return this.#stream(body, framing, request).then(
      () => this.#finished(framing !== "until the end"),
      (error: unknown) => {
        request.error ??= error instanceof Error ? error : new Error(String(error));
        // The client must not take what it has for the whole.
        this.#connection.reset();
        return this.#finished(false);
      },
    );
  }

  /** Send an answer that belongs to no request. */
  refuse(answer: Answer): void {
    this.#sayHead(answer, { byteCount: answer.body.byteCount ?? 0 }, "close");
    if (answer.body.kind === "parts")
      for (const part of answer.body.parts) this.#connection.say(part as Uint8Array);
  }

  /** Perform a script. @returns whether the connection is over */
  async perform(script: Script, request: WebRequest): Promise<boolean> {
    this.hasBegun = true;
    this.#record(`(${script.title})`);
    const { sentBytes, isOver } = await perform(script, {
      send: (bytes) => {
        this.#connection.say(bytes);
        return this.#flushed();
      },
      end: () => this.#connection.end(),
      reset: () => this.#connection.reset(),
      gone: this.#gone.promise,
      left: this.#left.promise,
    });
    request.sentBytes = sentBytes;
    this.hasBegun = false;
    return isOver;
  }

  #sayHead(answer: Answer, framing: Framing, connection: string | undefined): number {
    const text = headText(answer, framing, connection);
    this.#record(text.slice(0, -4));
    const bytes = Buffer.from(text, "latin1");
    this.#connection.say(bytes);
    return bytes.length;
  }

  async #stream(body: AnswerBody, framing: Framing, request: WebRequest): Promise<void> {
    const isChunked = framing === "chunked";
    let count = 0;
    // The head leaves with the first piece, unless that lets itself be waited for.
    const head = setImmediate(() => this.#connection.flush());
    try {
      for await (const piece of piecesIn(body)) {
        clearImmediate(head);
        if (this.#connection.isClosed) return;
        const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
        count += bytes.length;
        if (typeof framing === "object" && count > Number(framing.byteCount)) {
          throw new TypeError(`a body is longer than its content-length, ${framing.byteCount}`);
        }
        const sent = isChunked ? chunkOf(bytes) : bytes;
        request.sentBytes = (request.sentBytes ?? 0) + sent.length;
        if (sent.length > maxJoinedBytes) this.#connection.flush();
        this.#connection.say(sent);
        await this.#flushed();
      }
    } finally {
      clearImmediate(head);
    }
    if (typeof framing === "object" && count < Number(framing.byteCount) && !this.#connection.isClosed) {
      throw new TypeError(`a body ended after ${count} bytes, but content-length says ${framing.byteCount}`);
    }
    if (isChunked) this.#connection.say(lastChunk);
    this.#connection.flush();
  }

  #finished(isWhole: boolean): boolean {
    this.hasBegun = false;
    return isWhole;
  }

  /** Send what was said; a promise when the client does not take it at once. */
  #flushed(): Promise<void> | undefined {
    this.#connection.flush();
    if (!this.#connection.isCongested || this.#connection.isClosed) return undefined;
    return (this.#room ??= Promise.withResolvers<void>()).promise;
  }
}

/** The pieces of a body; files it has open are closed behind it. */
export async function* piecesIn(body: AnswerBody): AsyncIterableIterator<string | Uint8Array> {
  if (body.kind === "stream") {
    yield* body.pieces;
    return;
  }
  try {
    for (const part of body.parts) {
      if (part instanceof FileSlice) yield* piecesOf(part);
      else yield part;
    }
  } finally {
    for (const part of body.parts) if (part instanceof FileSlice) part.file[Symbol.dispose]();
  }
}

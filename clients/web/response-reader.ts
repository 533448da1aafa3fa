import { WireError } from "../../wire/errors.ts";
import { ChunkReader } from "../../wire/http-chunks.ts";
import { type HttpFields, listMembers, noFields } from "../../wire/http-fields.ts";
import {
  type BodyLength,
  findHeadEnd,
  HttpViolation,
  parseResponseHead,
  type ResponseHead,
  responseBodyLength,
} from "../../wire/http-head.ts";
import type { ResolvedWebClientOptions } from "./options.ts";

/** An answer as it came. */
export interface WebAnswer extends ResponseHead {
  /** Interim answers (1xx) that came before. */
  readonly interim: readonly ResponseHead[];
  /** Without its chunks. */
  readonly body: Buffer;
  /** Fields behind a body in chunks. */
  readonly trailers: HttpFields;
  /** Every byte of it, exactly, interim answers and chunks included. */
  readonly bytes: Buffer;
  /** The sizes of the pieces in which it came: what the network, or the server, made of it. */
  readonly pieces: readonly number[];
  /** Whether the connection can be used again. */
  readonly isKeptAlive: boolean;
  /** The body as text in UTF-8. */
  readonly text: string;
}

/** Reads one answer out of bytes, strictly, however they are cut. */
export class ResponseReader {
  isDone = false;
  readonly #method: string;
  readonly #options: ResolvedWebClientOptions;
  readonly #interim: ResponseHead[] = [];
  readonly #body: Buffer[] = [];
  readonly #taken: Buffer[] = [];
  #bodyBytes = 0;
  #unread: Buffer = Buffer.alloc(0);
  #head: ResponseHead | undefined;
  #length: BodyLength = 0;
  #chunks: ChunkReader | undefined;

  /** @param method of the question: an answer to HEAD has no body */
  constructor(method: string, options: ResolvedWebClientOptions) {
    this.#method = method;
    this.#options = options;
  }

  /** Whether a byte of it has come. */
  get hasBegun(): boolean {
    return this.#taken.length > 0;
  }

  /**
   * Take bytes. @returns what belongs to the next answer
   * @throws WireError PROTOCOL_VIOLATION, MESSAGE_TOO_LARGE
   */
  read(bytes: Buffer): Buffer {
    this.#taken.push(bytes);
    let rest = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes]);
    this.#unread = rest.subarray(0, 0);
    while (!this.isDone && rest.length > 0) {
      if (this.#head) rest = this.#readBody(rest);
      else {
        const end = findHeadEnd(rest, 0, this.#options);
        if (end === -1) {
          this.#unread = rest;
          return rest.subarray(rest.length);
        }
        this.#readHead(rest.toString("latin1", 0, end - 4));
        rest = rest.subarray(end);
      }
    }
    if (rest.length > 0) this.#taken[this.#taken.length - 1] = bytes.subarray(0, bytes.length - rest.length);
    return rest;
  }

  /** The server has ended. @throws WireError CONNECTION_LOST when something is missing; says what was there */
  end(): void {
    if (this.#head && this.#length === "until the end") this.isDone = true;
    if (!this.isDone) throw new WireError("CONNECTION_LOST", `the server ended ${this.#progress()}`);
  }

  /** What was read. */
  answer(): WebAnswer {
    const head = this.#head!;
    const body = Buffer.concat(this.#body);
    const options = listMembers(head.fields.get("connection"));
    const isAsked = head.version === "1.1" ? !options.includes("close") : options.includes("keep-alive");
    return {
      ...head,
      interim: this.#interim,
      body,
      trailers: this.#chunks?.trailers ?? noFields,
      bytes: Buffer.concat(this.#taken),
      pieces: this.#taken.map((piece) => piece.length),
      isKeptAlive: isAsked && this.#length !== "until the end",
      text: body.toString(),
    };
  }

  /** How far it has come, for an error. */
  #progress(): string {
    if (!this.#head) return this.hasBegun ? "in the middle of its head" : "before it answered";
    const of = typeof this.#length === "number" ? ` of ${this.#length}` : "";
    return `after ${this.#bodyBytes}${of} bytes of the body of its answer ${this.#head.status}`;
  }

  #readHead(text: string): void {
    const head = parseResponseHead(text, this.#options);
    if (head.status < 200 && head.status !== 101) {
      if (this.#interim.push(head) > this.#options.maxInterim) {
        throw new HttpViolation(502, `there are over ${this.#options.maxInterim} interim answers`);
      }
      return;
    }
    this.#head = head;
    this.#length = responseBodyLength(head, this.#method);
    if (this.#length === "chunked") this.#chunks = new ChunkReader();
    this.isDone = this.#length === 0;
  }

  #readBody(bytes: Buffer): Buffer {
    if (this.#chunks) {
      const end = this.#chunks.read(bytes, 0, (piece) => this.#keep(piece));
      this.isDone = this.#chunks.isDone;
      return bytes.subarray(end);
    }
    const left = typeof this.#length === "number" ? this.#length - this.#bodyBytes : bytes.length;
    this.#keep(bytes.subarray(0, left));
    this.isDone = this.#bodyBytes === this.#length;
    return bytes.subarray(Math.min(left, bytes.length));
  }

  #keep(piece: Buffer): void {
    this.#bodyBytes += piece.length;
    if (this.#bodyBytes > this.#options.maxBodyBytes) {
      throw new WireError("MESSAGE_TOO_LARGE", `the body is over ${this.#options.maxBodyBytes} bytes`);
    }
    this.#body.push(piece);
  }
}

import { findHeadEnd } from "../../wire/http-head.ts";
import type { House } from "./house.ts";
import { IncomingBody } from "./incoming-body.ts";
import type { KnownHead } from "./known-heads.ts";
import { type RequestOrigin, WebRequest } from "./request.ts";
import { RequestBody } from "./request-body.ts";

const crlf = 0x0d0a;
const nothing = Buffer.alloc(0);

/** Makes requests of the bytes of one connection: heads, and bodies as fast as they are read. */
export class RequestReader {
  /** The body that is coming. */
  incoming: IncomingBody | undefined;
  /** When the message that is coming began; 0 between two. */
  startedMs = 0;
  readonly #house: House;
  readonly #origin: RequestOrigin;
  readonly #source: ConstructorParameters<typeof RequestBody>[0];
  #bytes: Buffer = nothing;

  /** @param source is told when a body begins to be read, and when there is room for more of it */
  constructor(house: House, origin: RequestOrigin, source: ConstructorParameters<typeof RequestBody>[0]) {
    this.#house = house;
    this.#origin = origin;
    this.#source = source;
  }

  /** Bytes that are not read yet. */
  get byteCount(): number {
    return this.#bytes.length;
  }

  push(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
  }

  /** What has come and is not read. */
  takeRest(): Buffer {
    const rest = this.#bytes;
    this.#bytes = nothing;
    return rest;
  }

  /**
   * The next head, once it is whole.
   * @throws HttpViolation when it is none
   */
  readHead(nowMs: number): KnownHead | undefined {
    // RFC 9112 section 2.2: an empty line before a request is a leftover of old clients.
    while (this.#bytes.length >= 2 && this.#bytes.readUInt16BE(0) === crlf)
      this.#bytes = this.#bytes.subarray(2);
    const bytes = this.#bytes;
    if (bytes.length === 0) return undefined;
    if (this.startedMs === 0) this.startedMs = nowMs;
    const end = findHeadEnd(bytes, 0, this.#house.options);
    if (end === -1) return undefined;
    const text = bytes.toString("latin1", 0, end - 4);
    this.#bytes = end === bytes.length ? nothing : bytes.subarray(end);
    return this.#house.heads.read(text);
  }

  /** The request of a head; its body, if it has one, comes from now on. */
  requestOf(head: KnownHead, nowMs: number): WebRequest {
    const { options, log } = this.#house;
    const { bodyLength } = head;
    const body = bodyLength === 0 ? undefined : new RequestBody(this.#source, options.maxKeptBodyBytes);
    const request = new WebRequest(head, this.#origin, performance.timeOrigin + nowMs, body);
    if (body) this.incoming = new IncomingBody(request, bodyLength, options.maxBodyBytes);
    else {
      this.startedMs = 0;
      log.add(request);
    }
    return request;
  }

  /**
   * Read of the body that is coming what is there.
   * @returns whether it is complete
   * @throws HttpViolation for chunks that are none; WireError MESSAGE_TOO_LARGE
   */
  readBody(incoming: IncomingBody): boolean {
    if (incoming.request.body.isFull) return false;
    const rest = incoming.read(this.takeRest());
    if (rest === undefined) return false;
    this.#bytes = rest;
    this.incoming = undefined;
    this.startedMs = 0;
    this.heard(incoming.request);
    return true;
  }

  /** A request is there with its body, or as much of it as will come. */
  heard(request: WebRequest, error?: Error): void {
    const { log } = this.#house;
    if (!request.hasBody || log.has(request)) return;
    if (error) request.error ??= error;
    request.body.end(error);
    log.add(request);
  }
}

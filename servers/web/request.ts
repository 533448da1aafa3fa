import type { HttpFields } from "../../wire/http-fields.ts";
import type { HttpVersion } from "../../wire/http-head.ts";
import type { KnownHead } from "./known-heads.ts";
import { emptyBody, type RequestBody } from "./request-body.ts";

/** Where a request came from. */
export interface RequestOrigin {
  /** The n-th connection of the server, from 1. */
  readonly connection: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Whether it came over TLS. */
  readonly isSecure: boolean;
}

/**
 * A request: what a handler is given while it comes, and what is kept of it afterwards. `status`, `sentBytes` and
 * `durationMs` are there when it was answered.
 */
export class WebRequest {
  readonly origin: RequestOrigin;
  /** When its head was complete, in milliseconds since the epoch. */
  readonly atMs: number;
  /** What stood at the places of the route's pattern: `{ id: "7" }`; `*` for the rest. */
  params: Readonly<Record<string, string>> = noParams;
  /** Of the response; undefined when the answer broke the rules on purpose, or there is none yet. */
  status: number | undefined;
  /** Of the response, with its head. */
  sentBytes: number | undefined;
  /** From the head of the request to the end of the response. */
  durationMs: number | undefined;
  /** Why it did not end well: the body broke off, the handler threw, the client went. */
  error: Error | undefined;

  readonly #head: KnownHead;
  #body: RequestBody | undefined;

  /** @param body nothing for a request without one */
  constructor(head: KnownHead, origin: RequestOrigin, atMs: number, body: RequestBody | undefined) {
    this.#head = head;
    this.origin = origin;
    this.atMs = atMs;
    this.#body = body;
  }

  get method(): string {
    return this.#head.method;
  }

  /** As it came: `/a%20b?c=d`. */
  get target(): string {
    return this.#head.target;
  }

  /** Of the target, decoded once: `/a b`. Empty when that cannot be. */
  get path(): string {
    return this.#head.path ?? "";
  }

  get version(): HttpVersion {
    return this.#head.version;
  }

  get fields(): HttpFields {
    return this.#head.fields;
  }

  /** What came behind the head; made when first asked for where there is none. */
  get body(): RequestBody {
    return (this.#body ??= emptyBody());
  }

  /** Whether it came with a body. */
  get hasBody(): boolean {
    return this.#body !== undefined;
  }

  /** The value of a header field; several are joined by `, `. */
  header(name: string): string | undefined {
    return this.fields.get(name);
  }

  /** What stands behind the question mark. */
  get query(): URLSearchParams {
    const mark = this.target.indexOf("?");
    return new URLSearchParams(mark === -1 ? "" : this.target.slice(mark + 1));
  }

  /** The body, as far as it has come and is kept (`maxKeptBodyBytes`), as text. */
  get text(): string {
    return this.body.kept.toString();
  }

  /** The same, read as JSON. @throws SyntaxError when it is none */
  json(): unknown {
    return JSON.parse(this.text);
  }
}

const noParams: Readonly<Record<string, string>> = {};

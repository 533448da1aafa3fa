import type { HttpFields } from "../../wire/http-fields.ts";
import type { HttpVersion, RequestHead } from "../../wire/http-head.ts";
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
  readonly method: string;
  /** As it came: `/a%20b?c=d`. */
  readonly target: string;
  /** Of the target, decoded once: `/a b`. */
  readonly path: string;
  readonly version: HttpVersion;
  readonly fields: HttpFields;
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

  #body: RequestBody | undefined;

  /** @param body nothing for a request without one */
  constructor(head: RequestHead, path: string, origin: RequestOrigin, atMs: number, body?: RequestBody) {
    this.method = head.method;
    this.target = head.target;
    this.version = head.version;
    this.fields = head.fields;
    this.path = path;
    this.origin = origin;
    this.atMs = atMs;
    this.#body = body;
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

/**
 * The path of a target: percent-encoding undone once, dot segments and doubled slashes resolved (RFC 3986 section 5.2.4).
 * @returns the path; undefined when it cannot be decoded, has a NUL, or climbs above `/`
 */
export function pathOf(target: string): string | undefined {
  let raw = target;
  if (!raw.startsWith("/")) {
    if (raw === "*") return raw;
    const authority = raw.indexOf("://");
    const slash = raw.slice(authority === -1 ? 0 : authority + 3).search(/[/?]/);
    raw = authority === -1 || slash === -1 ? "/" : raw.slice(authority + 3 + slash);
    if (!raw.startsWith("/")) raw = `/${raw}`;
  }
  const mark = raw.indexOf("?");
  if (mark !== -1) raw = raw.slice(0, mark);
  if (!/%|\/\.|\/\//.test(raw)) return raw;
  let path: string;
  try {
    path = decodeURIComponent(raw);
  } catch {
    return undefined;
  }
  if (path.includes("\0")) return undefined;
  const names: string[] = [];
  const parts = path.split("/").slice(1);
  for (const part of parts) {
    if (part === "..") {
      if (names.pop() === undefined) return undefined;
    } else if (part !== "" && part !== ".") names.push(part);
  }
  const isFolder = ["", ".", ".."].includes(parts.at(-1) ?? "");
  return `/${names.join("/")}${isFolder && names.length > 0 ? "/" : ""}`;
}

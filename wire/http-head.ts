/**
 * Heads of HTTP/1 messages, strictly (RFC 9112): what two programs could read in two ways is refused, because that is
 * what request smuggling is made of. Nothing is repaired: no folded lines, no lone CR or LF, no space before a colon, one
 * Content-Length of digits or one `Transfer-Encoding: chunked`, never both.
 */
import { WireError } from "./errors.ts";
import { HttpFields, isFieldValue, isToken } from "./http-fields.ts";

/** HTTP/1.0 and 1.1; there is no other that looks like this on the wire. */
export type HttpVersion = "1.0" | "1.1";

/** The first line and the fields of a request. */
export interface RequestHead {
  readonly method: string;
  /** As it came: `/a?b`, `http://host/a`, `host:443` or `*`. */
  readonly target: string;
  readonly version: HttpVersion;
  readonly fields: HttpFields;
}

/** The first line and the fields of a response. */
export interface ResponseHead {
  readonly version: HttpVersion;
  readonly status: number;
  readonly reason: string;
  readonly fields: HttpFields;
}

/** How long the body is: bytes, in chunks, or all until the connection ends. */
export type BodyLength = number | "chunked" | "until the end";

/** What may be in a head at most. */
export interface HeadBounds {
  readonly maxHeadBytes: number;
  readonly maxFields: number;
}

/** The other side broke the rules of HTTP: PROTOCOL_VIOLATION, and the status that tells a client so. */
export class HttpViolation extends WireError {
  readonly status: number;

  constructor(status: number, message: string) {
    super("PROTOCOL_VIOLATION", message);
    this.status = status;
  }
}

const lineEnd = "\r\n";
const headEnd = Buffer.from("\r\n\r\n");
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Where the head ends that begins at `from`: behind the empty line; -1 when that has not come yet.
 * @throws HttpViolation 414, 431 for one that is too long already, 400 for a line that a lone LF ends
 */
export function findHeadEnd(bytes: Buffer, from: number, { maxHeadBytes }: HeadBounds): number {
  const found = bytes.indexOf(headEnd, from);
  const length = (found === -1 ? bytes.length : found) - from;
  if (length > maxHeadBytes) {
    const line = bytes.indexOf(lineEnd, from, "latin1");
    if (line === -1 || line - from > maxHeadBytes) {
      throw new HttpViolation(414, `the first line is over ${maxHeadBytes} bytes`);
    }
    throw new HttpViolation(431, `the head is over ${maxHeadBytes} bytes`);
  }
  if (found !== -1) return found + headEnd.length;
  // Whoever ends lines with LF alone would wait for ever: the empty line never comes.
  for (let at = bytes.indexOf(lineFeed, from); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) {
    if (at === from || bytes[at - 1] !== carriageReturn)
      throw new HttpViolation(400, "a line ends with LF alone");
  }
  return -1;
}

/**
 * Read the head of a request.
 * @param text one character for each byte, without the empty line at the end
 * @throws HttpViolation 400, 431, 505
 */
export function parseRequestHead(text: string, bounds: HeadBounds): RequestHead {
  const end = endOfLine(text, 0);
  const methodEnd = text.indexOf(" ");
  const targetEnd = text.indexOf(" ", methodEnd + 1);
  if (methodEnd === -1 || targetEnd === -1 || targetEnd > end) {
    throw new HttpViolation(400, "the first line is no METHOD TARGET HTTP/1.1");
  }
  const method = text.slice(0, methodEnd);
  if (!isToken(method)) throw new HttpViolation(400, "the method is no token");
  const target = text.slice(methodEnd + 1, targetEnd);
  checkTarget(target, method);
  const version = parseVersion(text.slice(targetEnd + 1, end));
  const fields = parseFields(text, end + lineEnd.length, bounds.maxFields);
  checkHost(fields, version);
  return { method, target, version, fields };
}

/**
 * Read the head of a response.
 * @throws HttpViolation
 */
export function parseResponseHead(text: string, bounds: HeadBounds): ResponseHead {
  const end = endOfLine(text, 0);
  const parts = /^(?<version>\S+) (?<status>[1-9]\d\d)(?: (?<reason>[\t\x20-\x7e\x80-\xff]*))?$/.exec(
    text.slice(0, end),
  )?.groups;
  if (!parts) throw new HttpViolation(400, "the first line is no HTTP/1.1 STATUS REASON");
  return {
    version: parseVersion(parts["version"] ?? ""),
    status: Number(parts["status"]),
    reason: parts["reason"] ?? "",
    fields: parseFields(text, end + lineEnd.length, bounds.maxFields),
  };
}

/**
 * Read fields, a line each, from `from` to the end of the text.
 * @throws HttpViolation 400, 431
 */
export function parseFields(text: string, from: number, maxFields: number): HttpFields {
  const raw: string[] = [];
  for (let start = from; start < text.length;) {
    const end = endOfLine(text, start);
    const colon = text.indexOf(":", start);
    if (colon === -1 || colon > end) throw new HttpViolation(400, "a field has no colon");
    const name = text.slice(start, colon);
    // A line that begins with white space (obsolete folding), and a name with a space behind it, end here too.
    if (!isToken(name)) throw new HttpViolation(400, "a field name is no token");
    let first = colon + 1;
    let last = end;
    while (first < last && isBlank(text.charCodeAt(first))) first += 1;
    while (last > first && isBlank(text.charCodeAt(last - 1))) last -= 1;
    const value = text.slice(first, last);
    if (!isFieldValue(value)) throw new HttpViolation(400, `the value of ${name} has a control character`);
    if (raw.push(name, value) > maxFields * 2)
      throw new HttpViolation(431, `there are over ${maxFields} fields`);
    start = end + lineEnd.length;
  }
  return new HttpFields(raw);
}

/**
 * How long the body of a request is (RFC 9112 section 6.3).
 * @throws HttpViolation 400 when it could be read in two ways, 501 for a coding besides `chunked`
 */
export function requestBodyLength({ fields, version }: RequestHead): BodyLength {
  return statedLength(fields, version) ?? 0;
}

/**
 * How long the body of a response is (RFC 9112 section 6.3).
 * @param method of the request that it answers
 * @throws HttpViolation when it could be read in two ways
 */
export function responseBodyLength({ fields, version, status }: ResponseHead, method: string): BodyLength {
  const stated = statedLength(fields, version);
  const hasNone = method === "HEAD" || status < 200 || status === 204 || status === 304;
  if (hasNone || (method === "CONNECT" && status < 300)) return 0;
  return stated ?? "until the end";
}

function statedLength(fields: HttpFields, version: HttpVersion): number | "chunked" | undefined {
  const coding = fields.get("transfer-encoding");
  const length = fields.get("content-length");
  if (coding !== undefined) {
    if (length !== undefined) throw new HttpViolation(400, "there are Content-Length and Transfer-Encoding");
    if (version === "1.0") throw new HttpViolation(400, "HTTP/1.0 has no Transfer-Encoding");
    if (coding.toLowerCase() === "chunked") return "chunked";
    if (
      /^[\w!#$%&'*+.^`|~-]+(?:, ?[\w!#$%&'*+.^`|~-]+)*, ?chunked$/i.test(coding) &&
      !/chunked,/i.test(coding)
    ) {
      throw new HttpViolation(501, "the only transfer coding here is chunked");
    }
    throw new HttpViolation(400, "Transfer-Encoding does not end with one chunked");
  }
  if (length === undefined) return undefined;
  // Several fields are joined by commas, which are no digits either.
  if (!/^\d{1,15}$/.test(length)) throw new HttpViolation(400, "Content-Length is no single number");
  return Number(length);
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf(lineEnd, from);
  return end === -1 ? text.length : end;
}

function parseVersion(text: string): HttpVersion {
  if (text === "HTTP/1.1") return "1.1";
  if (text === "HTTP/1.0") return "1.0";
  if (/^HTTP\/\d\.\d$/.test(text)) throw new HttpViolation(505, `${text} is not spoken here`);
  throw new HttpViolation(400, "the first line does not say HTTP/1.1");
}

/** RFC 9112 section 3.2: origin-form, absolute-form, authority-form with CONNECT, asterisk with OPTIONS. */
function checkTarget(target: string, method: string): void {
  for (let index = 0; index < target.length; index += 1) {
    const code = target.charCodeAt(index);
    if (code < 0x21 || code > 0x7e || code === 0x23) {
      throw new HttpViolation(400, "the target has a byte that must be percent-encoded");
    }
  }
  if (target.startsWith("/")) return;
  const isForm =
    method === "CONNECT"
      ? /^[^/?@]+:\d{1,5}$/.test(target)
      : /^https?:\/\/[^/?@]+(?:[/?]|$)/i.test(target) || (target === "*" && method === "OPTIONS");
  if (!isForm) throw new HttpViolation(400, "the target is neither a path nor a URL");
}

/** RFC 9112 section 3.2: exactly one Host in HTTP/1.1, and never two. */
function checkHost(fields: HttpFields, version: HttpVersion): void {
  const host = fields.get("host");
  if (host === undefined) {
    if (version === "1.1") throw new HttpViolation(400, "there is no Host");
    return;
  }
  // Two of them are joined by a comma and a space, which stand in no host.
  if (!/^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d*)?$/i.test(host)) {
    throw new HttpViolation(400, "Host is no single host and port");
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

import { toBuffer } from "./charset.ts";
import { fieldValue, findField, scanHeader } from "./header.ts";
import { parseParameters } from "./parameters.ts";
import type { Field } from "./header.ts";

/**
 * A part of a message by its place in the bytes: where its header starts, where its body starts and ends.
 *
 *     start → Content-Type: text/plain; charset=utf-8
 *             Content-Transfer-Encoding: base64
 *
 *     bodyStart → aGVsbG8=
 *     bodyEnd   → (the line ending before the delimiter belongs to the delimiter, RFC 2046 section 5.1.1)
 *             --boundary
 */
export interface Part {
  /** The part's number as in IMAP (RFC 3501 section 6.4.5): `1`, `2.1`; `TEXT`, `2.TEXT` for the multipart a message is. */
  readonly id: string;
  readonly fields: readonly Field[];
  /** Media type in lower case; the default one when the field is missing or is none. */
  readonly type: string;
  /** Parameters of Content-Type. */
  readonly parameters: ReadonlyMap<string, string>;
  /** `attachment`, `inline`, another word in lower case, or empty. */
  readonly disposition: string;
  /** The name of the file, from Content-Disposition or else Content-Type; empty without. */
  readonly fileName: string;
  /** Content-Transfer-Encoding in lower case; empty without. */
  readonly encoding: string;
  readonly start: number;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** Parts of a multipart; the message of a message/rfc822. */
  readonly children: readonly Part[];
}

/** Multiparts and messages inside each other; a deeper one is not opened. */
const maxDepth = 100;
/** Parts of one message; what follows belongs to the last. */
const maxParts = 10_000;

/**
 * The tree of a message's parts. Never throws, whatever the bytes; one pass, and the time is linear in their number.
 * A delimiter line ends every part that is open inside the multipart it belongs to, whether closed properly or not.
 */
export function scanStructure(raw: Uint8Array): Part {
  return new Scanner(toBuffer(raw)).scan();
}

type OpenPart = { -readonly [K in keyof Part]: Part[K] } & { children: Part[]; boundary: string };

class Scanner {
  readonly #raw: Buffer;
  /** The parts that are open: each is a child of the one before. */
  readonly #open: OpenPart[] = [];
  /** Boundary to the innermost open multipart that has it. */
  readonly #boundaries = new Map<string, OpenPart>();
  #longestBoundary = 0;
  #parts = 0;

  constructor(raw: Buffer) {
    this.#raw = raw;
  }

  scan(): Part {
    const root = this.#begin(0, "text/plain");
    let at = this.#lastOpen().bodyStart;
    while (this.#boundaries.size > 0 && this.#parts < maxParts) {
      const delimiter = this.#nextDelimiter(at);
      if (!delimiter) break;
      at = delimiter.end;
      this.#closeInside(delimiter.owner, delimiter.start);
      if (delimiter.isLast) {
        this.#forget(delimiter.owner);
      } else {
        const isDigest = delimiter.owner.type === "multipart/digest";
        this.#begin(at, isDigest ? "message/rfc822" : "text/plain");
        at = this.#lastOpen().bodyStart;
      }
    }
    return root;
  }

  /** Read the header at this offset and open the part, and the message inside it when it is a message/rfc822. */
  #begin(start: number, defaultType: string): OpenPart {
    const isDelimiter =
      this.#open.length > 0 ? (at: number) => this.#delimiterAt(at) !== undefined : undefined;
    const { fields, bodyStart } = scanHeader(this.#raw, start, isDelimiter);
    const part = describe(this.#raw, fields, defaultType, start, bodyStart);
    const parent = this.#open.at(-1);
    part.id = partNumber(parent, part.boundary !== "");
    parent?.children.push(part);
    this.#open.push(part);
    this.#parts++;
    if (this.#open.length >= maxDepth) part.boundary = "";
    else if (part.boundary !== "") {
      this.#boundaries.set(part.boundary, part);
      this.#longestBoundary = Math.max(this.#longestBoundary, part.boundary.length);
    } else if (isMessage(part)) this.#begin(bodyStart, "text/plain");
    return part;
  }

  #lastOpen(): OpenPart {
    return this.#open.at(-1) as OpenPart;
  }

  /** End all parts inside this multipart where the delimiter line starts. */
  #closeInside(owner: OpenPart, lineStart: number): void {
    while (this.#lastOpen() !== owner) {
      const part = this.#open.pop() as OpenPart;
      // A header that the delimiter cuts off has taken the line ending already, also from the message it is in.
      const end = Math.max(part.bodyStart, part.children.at(-1)?.bodyEnd ?? 0);
      part.bodyEnd = Math.max(end, beforeLineEnd(this.#raw, lineStart));
      this.#forget(part);
    }
  }

  /** From now on the delimiters of this multipart are text; those of an outer one with the same boundary count again. */
  #forget(part: OpenPart): void {
    if (part.boundary === "" || this.#boundaries.get(part.boundary) !== part) return;
    this.#boundaries.delete(part.boundary);
    const outer = this.#open.findLast((other) => other !== part && other.boundary === part.boundary);
    if (outer) this.#boundaries.set(part.boundary, outer);
    part.boundary = "";
  }

  #nextDelimiter(from: number): Delimiter | undefined {
    let at = from;
    while (at < this.#raw.length) {
      const delimiter = this.#delimiterAt(at);
      if (delimiter) return delimiter;
      const before = this.#raw.indexOf("\n--", at, "latin1");
      if (before < 0) return undefined;
      at = before + 1;
    }
    return undefined;
  }

  /** The delimiter (RFC 2046 section 5.1.1) that the line at this offset is; white space may follow it. */
  #delimiterAt(start: number): Delimiter | undefined {
    const raw = this.#raw;
    if (raw[start] !== 45 || raw[start + 1] !== 45) return undefined;
    const newLine = raw.indexOf(10, start);
    const end = newLine < 0 ? raw.length : newLine + 1;
    const line = raw
      .toString("latin1", start + 2, Math.min(end, start + this.#longestBoundary + 80))
      .trimEnd();
    const owner = this.#boundaries.get(line);
    if (owner) return { owner, isLast: false, start, end };
    const closed = line.endsWith("--") ? this.#boundaries.get(line.slice(0, -2)) : undefined;
    return closed && { owner: closed, isLast: true, start, end };
  }
}

interface Delimiter {
  readonly owner: OpenPart;
  /** Whether it ends the multipart. */
  readonly isLast: boolean;
  readonly start: number;
  /** Where the next line starts. */
  readonly end: number;
}

function describe(
  raw: Buffer,
  fields: readonly Field[],
  defaultType: string,
  start: number,
  bodyStart: number,
): OpenPart {
  const { value, parameters } = parseParameters(fieldValue(raw, findField(fields, "content-type")));
  const disposition = parseParameters(fieldValue(raw, findField(fields, "content-disposition")));
  const encoding = fieldValue(raw, findField(fields, "content-transfer-encoding")).toLowerCase();
  const type = /^[^\s/]+\/[^\s/]+$/.test(value) ? value : defaultType;
  return {
    id: "",
    fields,
    type,
    parameters,
    disposition: disposition.value,
    fileName: disposition.parameters.get("filename") ?? parameters.get("name") ?? "",
    encoding: /^[^\s;(]*/.exec(encoding)?.[0] ?? "",
    start,
    bodyStart,
    bodyEnd: raw.length,
    children: [],
    boundary: type.startsWith("multipart/") ? (parameters.get("boundary") ?? "").trimEnd() : "",
  };
}

/** Messages inside a message are opened as they stand: RFC 2046 section 5.2.1 allows them no other encoding. */
function isMessage(part: Part): boolean {
  return /^message\/(rfc822|global)$/.test(part.type) && /^(7bit|8bit|binary)?$/.test(part.encoding);
}

/** The multipart that a message is has no number of its own: its parts count on from the message's. */
function partNumber(parent: OpenPart | undefined, isMultipart: boolean): string {
  const isRoot = parent === undefined || !parent.type.startsWith("multipart/");
  const prefix = parent?.id.replace(/\.?TEXT$/, "") ?? "";
  const own = isRoot ? (isMultipart ? "TEXT" : "1") : String(parent.children.length + 1);
  return prefix === "" ? own : `${prefix}.${own}`;
}

function beforeLineEnd(raw: Buffer, at: number): number {
  if (raw[at - 1] !== 10) return at;
  return raw[at - 2] === 13 ? at - 2 : at - 1;
}

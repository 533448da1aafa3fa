import { listMembers } from "../../wire/http-fields.ts";
import {
  type BodyLength,
  type HeadBounds,
  parseRequestHead,
  type RequestHead,
  requestBodyLength,
} from "../../wire/http-head.ts";
import { pathOf } from "./path.ts";

/** A head, and all that follows from it alone. */
export interface KnownHead extends RequestHead {
  readonly bodyLength: BodyLength;
  /** Decoded; undefined for one that cannot be, or leaves the root. */
  readonly path: string | undefined;
  /** As the transcript shows it. */
  readonly shown: string;
  /** The client wants no other answer on this connection. */
  readonly isLast: boolean;
  /** A GET that any whole copy of the file answers: nothing in it asks for a part, a condition or a coding. */
  readonly isPlain: boolean;
}

const maxKnown = 256;
const maxKnownBytes = 1_024;

/** Fields that change nothing about which bytes of a file are sent. */
const harmless = new Set([
  "host",
  "user-agent",
  "accept",
  "accept-language",
  "cache-control",
  "pragma",
  "cookie",
  "referer",
]);

/**
 * Reads heads, and knows those it has read: a client that is kept alive sends the same head again and again, and an
 * equal text has an equal meaning. What is kept of them in the log is then kept once.
 */
export class KnownHeads {
  readonly #known = new Map<string, KnownHead>();
  readonly #bounds: HeadBounds;

  constructor(bounds: HeadBounds) {
    this.#bounds = bounds;
  }

  /** @throws HttpViolation as `parseRequestHead` and `requestBodyLength` */
  read(text: string): KnownHead {
    const known = this.#known.get(text);
    if (known) return known;
    const read = readHead(text, this.#bounds);
    if (text.length <= maxKnownBytes) {
      if (this.#known.size >= maxKnown) this.#known.clear();
      this.#known.set(text, read);
    }
    return read;
  }
}

function readHead(text: string, bounds: HeadBounds): KnownHead {
  const head = parseRequestHead(text, bounds);
  const { method, version, fields } = head;
  const bodyLength = requestBodyLength(head);
  const options = listMembers(fields.get("connection"));
  return {
    ...head,
    bodyLength,
    path: pathOf(head.target),
    shown: text.replaceAll("\r\n", "\n"),
    isLast: options.includes("close") || (version === "1.0" && !options.includes("keep-alive")),
    isPlain:
      method === "GET" &&
      version === "1.1" &&
      bodyLength === 0 &&
      [...fields].every(([name]) => harmless.has(name.toLowerCase())),
  };
}

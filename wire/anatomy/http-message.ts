import { FieldList, type Part, type Speaker } from "../anatomy.ts";
import { bytesText, textOf } from "./text.ts";

/** A head, and how long the body behind it is. */
export interface HttpHead extends Part {
  /** Infinity where it says so itself, in chunks. */
  readonly bodyBytes: number;
  /** Whether another protocol begins behind it. */
  readonly isSwitching: boolean;
}

/**
 * The head of a request or an answer, line by line (RFC 9112).
 * @returns nothing while it is not all there
 */
export function httpHead(from: Speaker, bytes: Buffer): HttpHead | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const [first = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const fields = new FieldList();
  if (from === "client") addRequestLine(fields, first);
  else addStatusLine(fields, first);
  let bodyBytes = 0;
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    const [meaning, source] = meanings[name.toLowerCase()] ?? ["", "RFC 9110 section 5"];
    fields.add(name, line.length + 2, value, meaning, source);
    if (name.toLowerCase() === "content-length") bodyBytes = Number(value);
    if (name.toLowerCase() === "transfer-encoding") bodyBytes = Infinity;
  }
  fields.add("empty line", 2, "\\r\\n", "the end of the head", "RFC 9112 section 2.1");
  const isSwitching = from === "server" && first.split(" ")[1] === "101";
  return {
    title: `${from === "client" ? "request" : "answer"} head, ${bytesText(end + 4)}`,
    bytes: bytes.subarray(0, end + 4),
    fields: fields.fields,
    bodyBytes,
    isSwitching,
  };
}

/** A body whose length was told. @returns nothing while it is not all there */
export function httpBody(bytes: Buffer, length: number): Part | undefined {
  if (bytes.length < length) return undefined;
  const body = bytes.subarray(0, length);
  const fields = new FieldList().add(
    "body",
    length,
    textOf(body),
    "the message; Content-Length says where it ends",
    "RFC 9112 section 6.2",
  );
  return { title: `body, ${bytesText(length)}`, bytes: body, fields: fields.fields };
}

function addRequestLine(fields: FieldList, line: string): void {
  const [method = "", target = "", version = ""] = line.split(" ");
  const source = "RFC 9112 section 3";
  fields.add("method", method.length + 1, method, methods[method] ?? "what is asked for", source);
  fields.add("target", target.length + 1, target, "what it is asked of", source);
  fields.add("version", version.length + 2, version, "of the protocol; the line ends with \\r\\n", source);
}

function addStatusLine(fields: FieldList, line: string): void {
  const [version = "", status = ""] = line.split(" ");
  const source = "RFC 9112 section 4";
  const meaning = statuses[status] ?? statusClasses[status[0] ?? ""] ?? "";
  // The space behind it may be missing, with the reason.
  const reasonAt = Math.min(version.length + status.length + 2, line.length);
  fields.add("version", version.length + 1, version, "of the protocol", source);
  fields.add("status", reasonAt - version.length - 1, status, meaning, "RFC 9110 section 15");
  const reason = line.slice(reasonAt);
  fields.add("reason", reason.length + 2, reason, "for people; the line ends with \\r\\n", source);
}

const methods: Readonly<Record<string, string>> = {
  GET: "what is there; an upgrade is asked for with it",
  POST: "here is something to work on",
};

const statuses: Readonly<Record<string, string>> = {
  101: "agreed: behind this head the other protocol begins",
  200: "all is well",
};

const statusClasses: Readonly<Record<string, string>> = {
  2: "all is well",
  3: "look elsewhere",
  4: "the request is wrong",
  5: "the server failed",
};

const meanings: Readonly<Record<string, readonly [meaning: string, source: string]>> = {
  host: ["whom it is for: one address may be many hosts", "RFC 9110 section 7.2"],
  upgrade: ["speak this protocol from here on", "RFC 6455 section 4.1"],
  connection: ["about this connection alone, not for those behind a proxy", "RFC 9110 section 7.6.1"],
  "keep-alive": ["how long the connection stays for the next request", "RFC 9110 section 7.6.1"],
  "sec-websocket-key": ["16 random bytes, so that no old answer fits", "RFC 6455 section 4.1"],
  "sec-websocket-version": ["13 is the only one", "RFC 6455 section 4.1"],
  "sec-websocket-accept": [
    "SHA-1 of the key and a fixed text: who answers knows WebSocket",
    "RFC 6455 section 4.2.2",
  ],
  "sec-websocket-protocol": ["what is spoken inside the frames", "RFC 6455 section 1.9"],
  "content-length": ["bytes of the body", "RFC 9110 section 8.6"],
  "transfer-encoding": ["the body comes in chunks, and says where it ends", "RFC 9112 section 7"],
  "content-type": ["what the body is", "RFC 9110 section 8.3"],
  date: ["when the answer was made", "RFC 9110 section 6.6.1"],
};

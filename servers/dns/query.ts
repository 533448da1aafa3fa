/** What of a query decides its answer, read without making a message of it: this is done for every datagram. */
export interface Query {
  /** Name (in lower case), type and class as bytes: the same for all who ask the same. */
  readonly key: string;
  readonly opcode: number;
  readonly type: number;
  readonly class: number;
  /** Where the question ends. */
  readonly questionEnd: number;
  /** The client's EDNS (RFC 6891), if it has any: how much it takes over UDP, and the version it speaks. */
  readonly edns: { readonly udpBytes: number; readonly version: number } | undefined;
}

const headBytes = 12;
const optType = 41;

/**
 * Read a query.
 * @returns `"ignore"` for what deserves no answer (a response: two servers would talk for ever), `"malformed"` for what
 * is answered FORMERR
 */
export function readQuery(bytes: Buffer): Query | "ignore" | "malformed" {
  if (bytes.length < headBytes || bytes[2]! & 0x80) return "ignore";
  const opcode = (bytes[2]! >> 3) & 15;
  if (bytes.readUInt16BE(4) !== 1) return "malformed";
  let at = headBytes;
  for (let size = bytes[at]!; size !== 0; size = bytes[at]!) {
    // Nothing is in front of a question, so nothing in it can be compressed.
    if (size === undefined || size > 63) return "malformed";
    at += size + 1;
    if (at - headBytes > 254 || at >= bytes.length) return "malformed";
  }
  const questionEnd = at + 5;
  if (questionEnd > bytes.length) return "malformed";
  const edns = readEdns(bytes, questionEnd);
  if (edns === "malformed") return edns;
  const name = bytes.toString("latin1", headBytes, at).toLowerCase();
  return {
    key: name + bytes.toString("latin1", at, questionEnd),
    opcode,
    type: bytes.readUInt16BE(at + 1),
    class: bytes.readUInt16BE(at + 3),
    questionEnd,
    edns,
  };
}

/** The OPT record behind the question; anything else there is of no interest (and not looked at). */
function readEdns(bytes: Buffer, at: number): Query["edns"] | "malformed" {
  if (bytes.readUInt16BE(10) === 0 || at === bytes.length) return undefined;
  if (at + 11 > bytes.length) return "malformed";
  if (bytes[at] !== 0 || bytes.readUInt16BE(at + 1) !== optType) return undefined;
  return { udpBytes: bytes.readUInt16BE(at + 3), version: bytes[at + 6]! };
}

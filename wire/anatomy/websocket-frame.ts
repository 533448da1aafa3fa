import { FieldList, type Part } from "../anatomy.ts";
import { isValidCloseCode, opcodes } from "../websocket-frame.ts";
import { applyMask } from "../websocket-mask.ts";
import { bytesText, hexOf, textOf } from "./text.ts";

const framing = "RFC 6455 section 5.2";

/**
 * The first whole WebSocket frame of some bytes, bit by bit:
 *
 *     FIN RSV opcode │ MASK length │ 2 or 8 bytes more of length │ 4 bytes of mask │ payload
 *
 * @returns nothing while the frame is not all there
 */
export function websocketFrame(bytes: Buffer): Part | undefined {
  const form = formOf(bytes);
  if (form === undefined || bytes.length < form.headBytes + form.payloadBytes) return undefined;
  const { first, isMasked, shortLength, lengthBytes, headBytes, payloadBytes } = form;
  const opcode = first & 0x0f;
  const isFinal = first >= 0x80;
  const fields = new FieldList();
  fields.addBits(
    { first: 0, count: 1 },
    "FIN",
    isFinal ? "1" : "0",
    isFinal ? "the last frame of its message" : "more frames of this message follow",
    framing,
  );
  const reserved = (first >> 4) & 7;
  fields.addBits(
    { first: 1, count: 3 },
    "RSV1-3",
    binary(reserved, 3),
    reserved === 0 ? "no extension was agreed upon" : "not 0: an extension that was agreed upon, or an error",
    framing,
  );
  fields.addBits(
    { first: 4, count: 4, isLast: true },
    "opcode",
    binary(opcode, 4),
    `${opcode}: ${meaningOf(opcode)}`,
    framing,
  );
  fields.addBits(
    { first: 0, count: 1 },
    "MASK",
    isMasked ? "1" : "0",
    isMasked ? "a mask follows, as in each frame of a client" : "no mask: a server's frames are as they are",
    "RFC 6455 section 5.1",
  );
  fields.addBits(
    { first: 1, count: 7, isLast: true },
    "length",
    binary(shortLength, 7),
    lengthBytes === 0
      ? `${shortLength}: up to 125 stand here`
      : `${shortLength}: the length is in the next ${lengthBytes} bytes`,
    framing,
  );
  fields.add(
    "extended length",
    lengthBytes,
    String(payloadBytes),
    `${lengthBytes * 8} bits, the highest byte first`,
    framing,
  );
  // A copy: what was captured stays as it is.
  const payload = Buffer.from(bytes.subarray(headBytes, headBytes + payloadBytes));
  if (isMasked) {
    const mask = bytes.subarray(headBytes - 4, headBytes);
    fields.add("mask", 4, hexOf(mask), "four random bytes, others in each frame", "RFC 6455 section 5.3");
    applyMask(payload, mask, 0);
    fields.add(
      "masked payload",
      payloadBytes,
      hexOf(bytes.subarray(headBytes, headBytes + payloadBytes)),
      xorExample(bytes.subarray(headBytes, headBytes + payloadBytes), mask),
      "RFC 6455 section 5.3",
    );
  }
  addPayload(fields, opcode, payload, headBytes, isMasked ? ", unmasked" : "");
  return {
    title: `${nameOf(opcode)} frame, ${headBytes} + ${bytesText(payloadBytes)}`,
    bytes: bytes.subarray(0, headBytes + payloadBytes),
    fields: fields.fields,
  };
}

interface Form {
  readonly first: number;
  readonly isMasked: boolean;
  /** The seven bits: the length itself, or 126 or 127. */
  readonly shortLength: number;
  /** How many bytes of length follow. */
  readonly lengthBytes: 0 | 2 | 8;
  readonly headBytes: number;
  readonly payloadBytes: number;
}

function formOf(bytes: Buffer): Form | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  const isMasked = second >= 0x80;
  const shortLength = second & 0x7f;
  const lengthBytes = shortLength === 127 ? 8 : shortLength === 126 ? 2 : 0;
  const headBytes = 2 + lengthBytes + (isMasked ? 4 : 0);
  if (bytes.length < headBytes) return undefined;
  const long = lengthBytes === 8 ? Number(bytes.readBigUInt64BE(2)) : 0;
  const payloadBytes = lengthBytes === 0 ? shortLength : lengthBytes === 2 ? bytes.readUInt16BE(2) : long;
  return { first, isMasked, shortLength, lengthBytes, headBytes, payloadBytes };
}

/** What the payload says, at the place where it stands, masked or not. */
function addPayload(
  fields: FieldList,
  opcode: number,
  payload: Buffer,
  offset: number,
  suffix: string,
): void {
  const said = new FieldList(offset);
  if (opcode === opcodes.close && payload.length >= 2) {
    const code = payload.readUInt16BE();
    said.add(`close code${suffix}`, 2, String(code), closeMeaning(code), "RFC 6455 section 7.4.1");
    said.add(
      `reason${suffix}`,
      payload.length - 2,
      textOf(payload.subarray(2)),
      "for people, in UTF-8",
      "RFC 6455 section 7.1.6",
    );
  } else if (opcode === opcodes.text) {
    said.add(
      `payload${suffix}`,
      payload.length,
      textOf(payload),
      "the message, in UTF-8",
      "RFC 6455 section 5.6",
    );
  } else {
    said.add(
      `payload${suffix}`,
      payload.length,
      hexOf(payload),
      "the message, as bytes",
      "RFC 6455 section 5.6",
    );
  }
  fields.fields.push(...said.fields);
}

/** How the mask is applied, on the first bytes that there are. */
function xorExample(masked: Buffer, mask: Buffer): string {
  const shown = masked.subarray(0, mostXored);
  const keys = shown.map((_, at) => mask[at & 3]!);
  const plain = shown.map((byte, at) => byte ^ mask[at & 3]!);
  const more = masked.length > mostXored ? " …" : "";
  const sum = `${spacedHex(shown)}${more} xor ${spacedHex(keys)}${more} = ${spacedHex(plain)}${more}`;
  return `byte i is XORed with byte i mod 4 of the mask: ${sum}`;
}

const mostXored = 6;

const names: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  [opcodes.continuation]: ["continuation", "goes on with the message before"],
  [opcodes.text]: ["text", "a message of text"],
  [opcodes.binary]: ["binary", "a message of bytes"],
  [opcodes.close]: ["close", "goodbye; the other side returns it, and the server ends TCP"],
  [opcodes.ping]: ["ping", "are you there? The other side returns the payload"],
  [opcodes.pong]: ["pong", "the answer to a ping"],
};

function nameOf(opcode: number): string {
  return names[opcode]?.[0] ?? "reserved";
}

function meaningOf(opcode: number): string {
  const [name, meaning] = names[opcode] ?? ["reserved", "no standard gives it a meaning"];
  return `${name}, ${meaning}`;
}

const closeMeanings: Readonly<Record<number, string>> = {
  1000: "all is done",
  1001: "going away",
  1002: "the protocol was broken",
  1003: "this kind of message is not taken",
  1007: "the text is no UTF-8",
  1008: "a rule of the house was broken",
  1009: "the message is too large",
  1011: "something went wrong at the server",
};

function closeMeaning(code: number): string {
  return closeMeanings[code] ?? (isValidCloseCode(code) ? "of the application" : "may not be sent");
}

const binary = (value: number, digits: number): string => value.toString(2).padStart(digits, "0");
const spacedHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Utf8Checker } from "../../wire/utf8.ts";
import {
  acceptKey,
  applyMask,
  closePayload,
  encodeFrame,
  opcodes,
  WebSocketReader,
} from "../../wire/websocket.ts";
import type { WebSocketEvent } from "../../wire/websocket.ts";

const mask = Uint8Array.of(0xde, 0xad, 0xbe, 0xef);
const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

function read(frames: readonly Uint8Array[], isMasked = false, maxMessageBytes?: number): WebSocketEvent[] {
  const reader = new WebSocketReader({
    isMasked,
    ...(maxMessageBytes === undefined ? {} : { maxMessageBytes }),
  });
  return frames.flatMap((frame) => reader.push(frame));
}

function closeCodeOf(
  frames: readonly Uint8Array[],
  isMasked = false,
  maxMessageBytes = 16_777_216,
): number | undefined {
  const reader = new WebSocketReader({ isMasked, maxMessageBytes });
  for (const frame of frames) reader.push(frame);
  return reader.failure?.closeCode;
}

test("RFC 6455 section 5.7: the examples are read and written byte for byte", () => {
  const masked = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);
  expect(encodeFrame(opcodes.text, bytes("Hello")).toString("hex")).toBe("810548656c6c6f");
  expect(encodeFrame(opcodes.text, bytes("Hello"), { mask: masked }).toString("hex")).toBe(
    "818537fa213d7f9f4d5158",
  );
  expect(encodeFrame(opcodes.text, bytes("Hel"), { isFinal: false }).toString("hex")).toBe("010348656c");
  expect(encodeFrame(opcodes.binary, Buffer.alloc(256)).subarray(0, 4).toString("hex")).toBe("827e0100");
  expect(encodeFrame(opcodes.binary, Buffer.alloc(65_536)).subarray(0, 10).toString("hex")).toBe(
    "827f0000000000010000",
  );
  const hello = read([Buffer.from("818537fa213d7f9f4d5158", "hex")], true);
  expect(hello.map((event) => "payload" in event && event.payload.toString())).toEqual(["Hello"]);
});

test("RFC 6455 section 1.3: the accept key of the example", () => {
  expect(acceptKey("dGhlIHNhbXBsZSBub25jZQ==")).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
});

test("masking by words and piece by piece is masking byte by byte", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(8), fc.nat(3), (payload, shift, phase) => {
      const own = new Uint8Array(payload.length + 8).subarray(shift, shift + payload.length);
      own.set(payload.subarray(0, own.length));
      const expected = own.map((byte, index) => byte ^ mask[(phase + index) & 3]!);
      applyMask(own, mask, phase);
      expect(own).toEqual(expected);
    }),
  );
});

test("messages survive fragments, masks, pings between fragments, and any cut", () => {
  const sent = fc.record({
    text: fc.string({ unit: "grapheme", maxLength: 200 }),
    isText: fc.boolean(),
    cuts: fc.array(fc.nat(400), { maxLength: 4 }),
    ping: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(sent, { maxLength: 5 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 500 }),
      fc.boolean(),
      (all, isMasked, step, ownsBytes) => {
        const options = isMasked ? { mask } : {};
        const stream = Buffer.concat(
          all.flatMap(({ text, isText, cuts, ping }) => {
            const payload = Buffer.from(text);
            const at = [0, ...cuts.map((cut) => cut % (payload.length + 1)), payload.length].sort(
              (a, b) => a - b,
            );
            return at.slice(1).flatMap((end, index) => {
              const opcode = index > 0 ? opcodes.continuation : isText ? opcodes.text : opcodes.binary;
              const isFinal = index === at.length - 2;
              const frame = encodeFrame(opcode, payload.subarray(at[index], end), { ...options, isFinal });
              return ping ? [frame, encodeFrame(opcodes.ping, bytes("?"), options)] : [frame];
            });
          }),
        );
        const pieces = Array.from({ length: Math.ceil(stream.length / step) }, (_, n) =>
          stream.subarray(n * step, (n + 1) * step),
        );
        const before = Buffer.from(stream);
        const reader = new WebSocketReader({ isMasked, ownsBytes });
        const events = pieces.flatMap((piece) => reader.push(piece));
        expect(reader.failure).toBeUndefined();
        if (!ownsBytes) expect(stream).toEqual(before);
        const messages = events.filter((event) => event.type === "text" || event.type === "binary");
        expect(messages.map((event) => [event.type, "payload" in event && event.payload.toString()])).toEqual(
          all.map(({ text, isText }) => [isText ? "text" : "binary", Buffer.from(text).toString()]),
        );
        if (events.length > 0 && all.length > 0) expect(events.at(-1)!.end).toBe(stream.length);
      },
    ),
  );
});

describe("a connection is failed with", () => {
  const text = encodeFrame(opcodes.text, bytes("x"));
  test.each([
    ["1002 for a reserved bit", 1002, [encodeFrame(opcodes.text, bytes("x"), { reserved: 4 })]],
    ["1002 for a reserved opcode", 1002, [encodeFrame(3, bytes("x"))]],
    ["1002 for a reserved control opcode", 1002, [encodeFrame(11, bytes("x"))]],
    ["1002 for a fragmented ping", 1002, [encodeFrame(opcodes.ping, bytes("x"), { isFinal: false })]],
    ["1002 for a ping over 125 bytes", 1002, [encodeFrame(opcodes.ping, Buffer.alloc(126))]],
    ["1002 for a continuation of nothing", 1002, [encodeFrame(opcodes.continuation, bytes("x"))]],
    [
      "1002 for a message inside a message",
      1002,
      [encodeFrame(opcodes.text, bytes("x"), { isFinal: false }), text],
    ],
    ["1002 for a masked frame at a client", 1002, [encodeFrame(opcodes.text, bytes("x"), { mask })]],
    ["1002 for a length that could be shorter", 1002, [Buffer.from("817e000178", "hex")]],
    ["1002 for a length over 63 bits", 1002, [Buffer.from("827f8000000000000001", "hex")]],
    ["1002 for half a close code", 1002, [encodeFrame(opcodes.close, bytes("x"))]],
    ["1002 for close code 1005", 1002, [encodeFrame(opcodes.close, closePayload(1005))]],
    ["1007 for a close reason that is not UTF-8", 1007, [encodeFrame(opcodes.close, bytes("\x03\xe8\xff"))]],
    ["1007 for a text that is not UTF-8", 1007, [encodeFrame(opcodes.text, bytes("\xc3\x28"))]],
    ["1007 for a text cut in a character", 1007, [encodeFrame(opcodes.text, bytes("\xc3"))]],
  ])("%s", (_, code, frames) => {
    expect(closeCodeOf(frames)).toBe(code);
  });

  test("1002 for a frame without mask at a server", () => {
    expect(closeCodeOf([text], true)).toBe(1002);
  });

  test("1007 inside a message, at the byte that cannot be right", () => {
    const wrong = encodeFrame(opcodes.text, bytes("\xce\xba\xe1\xbd\xb9\xf4\x90"), { isFinal: false });
    expect(closeCodeOf([wrong.subarray(0, -1)])).toBeUndefined();
    expect(closeCodeOf([wrong.subarray(0, -1), wrong.subarray(-1)])).toBe(1007);
  });

  test("1009 for a message over the limit, before its bytes have come", () => {
    expect(closeCodeOf([Buffer.from("827f0000000000100000", "hex")], false, 1000)).toBe(1009);
    expect(closeCodeOf([encodeFrame(opcodes.binary, Buffer.alloc(1000))], false, 1000)).toBeUndefined();
  });

  test("1009 for fragments without bytes that never end", () => {
    const empty = encodeFrame(opcodes.continuation, Buffer.alloc(0), { isFinal: false });
    const frames = [
      encodeFrame(opcodes.text, bytes(""), { isFinal: false }),
      ...Array.from({ length: 100 }, () => empty),
    ];
    expect(closeCodeOf(frames, false, 1000)).toBe(1009);
  });
});

test("what was right before something wrong is told, and nothing behind it", () => {
  const right = encodeFrame(opcodes.text, bytes("right"));
  const reader = new WebSocketReader({ isMasked: false });
  const events = reader.push(Buffer.concat([right, right, encodeFrame(3, bytes("wrong")), right]));
  expect(events.map((event) => event.type)).toEqual(["text", "text"]);
  expect(reader.failure?.closeCode).toBe(1002);
  expect(reader.push(right)).toEqual([]);
});

test("nothing is read behind a close frame", () => {
  const frames = [
    encodeFrame(opcodes.close, closePayload(1000, "bye")),
    encodeFrame(opcodes.text, bytes("late")),
  ];
  expect(read([Buffer.concat(frames)])).toEqual([{ type: "close", code: 1000, reason: "bye", end: 7 }]);
});

test("the checker agrees with the runtime on what is UTF-8, and never takes back a yes", () => {
  const sample = fc.oneof(
    fc.uint8Array({ maxLength: 6 }),
    fc
      .constantFrom(
        "c080",
        "e08080",
        "eda080",
        "f0808080",
        "f4908080",
        "f48fbfbf",
        "edbfbf",
        "ee8080",
        "f5808080",
      )
      .map((hex) => Uint8Array.from(Buffer.from(hex, "hex"))),
    fc.string({ unit: "grapheme", maxLength: 4 }).map((text) => Uint8Array.from(Buffer.from(text))),
  );
  // What comes in long pieces is checked another way than what comes byte by byte.
  const long = fc.constantFrom("", "x".repeat(70), "é".repeat(35), "€x".repeat(30), "😀".repeat(20));
  fc.assert(
    fc.property(long, sample, long, fc.nat(200), (before, wrong, behind, cut) => {
      const all = Buffer.concat([Buffer.from(before), wrong, Buffer.from(behind)]);
      const checker = new Utf8Checker();
      let isAccepted = true;
      for (const byte of all) isAccepted &&= checker.accepts(Uint8Array.of(byte));
      expect(isAccepted && checker.isComplete).toBe(isUtf8(all));
      const pieces = [all.subarray(0, cut), all.subarray(cut)];
      for (const each of [[all], pieces, [...pieces, Buffer.alloc(0)]]) {
        const other = new Utf8Checker();
        expect(each.every((piece) => other.accepts(piece))).toBe(isAccepted);
        if (isAccepted) expect(other.isComplete).toBe(checker.isComplete);
      }
    }),
    { numRuns: 2000 },
  );
});

import { randomBytes } from "node:crypto";
import { constants, deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeFrame, opcodes, WebSocketReader } from "../../wire/websocket.ts";
import { Deflation } from "../../wire/websocket-deflate.ts";
import { type DeflateAgreement, deflateDefaults } from "../../wire/websocket-extension.ts";
import { headerLength, type WebSocketError } from "../../wire/websocket-frame.ts";

const options = { ...deflateDefaults, thresholdBytes: 0 };
const usual = { takesContextOver: true, windowBits: 15 };

const end = (role: "client" | "server", agreement: Partial<DeflateAgreement> = {}): Deflation =>
  new Deflation({ server: usual, client: usual, ...agreement }, role, options);

const payloadOf = (frame: Uint8Array): Uint8Array => frame.subarray(headerLength(frame, 2));
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

function codeOf(act: () => unknown): number | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as WebSocketError).closeCode;
  }
}

describe("RFC 7692 section 7.2.3, the examples:", () => {
  test("one block, and the same with context takeover", () => {
    const [server, client] = [end("server"), end("client")];
    const first = server.frame(opcodes.text, Buffer.from("Hello".repeat(3)))!;
    expect(first[0]).toBe(0xc1);
    const again = server.frame(opcodes.text, Buffer.from("Hello".repeat(3)))!;
    expect(again.length).toBeLessThan(first.length);
    expect(client.inflate(hex("f2 48 cd c9 c9 07 00"), true, 100).toString()).toBe("Hello");
    expect(client.inflate(hex("f2 00 11 00 00"), true, 100).toString()).toBe("Hello");
  });

  test.each([
    ["without compression", "00 05 00 fa ff 48 65 6c 6c 6f 00"],
    ["BFINAL set to 1", "f3 48 cd c9 c9 07 00 00"],
    ["two blocks in one message", "f2 48 05 00 00 00 ff ff ca c9 c9 07 00"],
  ])("%s", (_, deflated) => {
    expect(end("client").inflate(hex(deflated), true, 100).toString()).toBe("Hello");
  });
});

describe("inflate() refuses", () => {
  test.each([
    ["what is not deflated", "ff ff ff"],
    ["nothing at all: an empty message is 00", ""],
    ["what is cut off", "f2 48 cd"],
    ["a distance to before the beginning", "f2 00 11 00 00"],
    ["a stream that never ends its last block", "f3 48 cd c9 c9 07 00"],
  ])("%s", (_, deflated) => {
    expect(codeOf(() => end("server").inflate(hex(deflated), false, 100))).toBe(1007);
  });

  test("text that is not UTF-8 when it is inflated", () => {
    const wrong = payloadOf(end("client").frame(opcodes.text, Buffer.alloc(100, 0xc3))!);
    expect(codeOf(() => end("server").inflate(wrong, true, 1_000))).toBe(1007);
    expect(codeOf(() => end("server").inflate(wrong, false, 1_000))).toBeUndefined();
  });

  test("a byte more than the limit", () => {
    const deflated = payloadOf(end("client").frame(opcodes.text, Buffer.alloc(1_000, 97))!);
    expect(end("server").inflate(deflated, true, 1_000)).toHaveLength(1_000);
    expect(codeOf(() => end("server").inflate(deflated, true, 999))).toBe(1009);
  });

  test("a bomb, after no more than its limit has been made of it", () => {
    const bomb = deflateRawSync(Buffer.alloc(512 * 1024 * 1024), { level: 1 });
    const before = process.memoryUsage().arrayBuffers;
    expect(codeOf(() => end("server").inflate(bomb, false, 1_048_576))).toBe(1009);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(bomb.length + 4 * 1_048_576);
  });

  test("a bomb of many streams, and one of too many", () => {
    const stream = deflateRawSync(Buffer.alloc(100_000));
    const streams = (count: number): Buffer =>
      Buffer.concat([...Array.from({ length: count }, () => stream), Buffer.of(0)]);
    expect(end("server").inflate(streams(10), false, 1_000_000)).toHaveLength(1_000_000);
    expect(codeOf(() => end("server").inflate(streams(11), false, 1_000_000))).toBe(1009);
    const empty = Buffer.concat([...Array.from({ length: 10_000 }, () => hex("03 00")), Buffer.of(0)]);
    expect(codeOf(() => end("server").inflate(empty, false, 1_000_000))).toBe(1007);
  });
});

test("what does not become shorter, or is short, leaves as it is", () => {
  const server = new Deflation({ server: usual, client: usual }, "server", deflateDefaults);
  expect(server.frame(opcodes.binary, randomBytes(5_000))).toBeUndefined();
  expect(server.frame(opcodes.text, Buffer.alloc(1_023, 97))).toBeUndefined();
  expect(server.frame(opcodes.text, Buffer.alloc(1_024, 97))).toBeDefined();
});

test("a message to many is deflated once for each window, and refers to nothing before it", () => {
  const small = { takesContextOver: true, windowBits: 9 };
  const ends = [end("server"), end("server"), end("server", { server: small })];
  const heard = [end("client"), end("client"), end("client", { server: small })];
  const text = (of: string): Buffer => Buffer.from(of.repeat(50));
  const hear = (at: number, frame: Uint8Array): string =>
    heard[at]!.inflate(payloadOf(frame), true, 10_000).toString();

  expect(hear(0, ends[0]!.frame(opcodes.text, text("own"))!)).toBe(text("own").toString());
  const shared = new Map<number, Uint8Array>();
  const plain = encodeFrame(opcodes.text, text("all"));
  const frames = ends.map((one) => one.sharedFrame(plain, shared));
  expect(frames[0]).toBe(frames[1]);
  expect(shared.size).toBe(2);
  for (const [at, frame] of frames.entries()) expect(hear(at, frame)).toBe(text("all").toString());
  expect(hear(0, ends[0]!.frame(opcodes.text, text("own"))!)).toBe(text("own").toString());
});

const terms = fc.record({ takesContextOver: fc.boolean(), windowBits: fc.integer({ min: 8, max: 15 }) });
/** Texts that refer to each other at all distances, and noise that does not gain. */
const message = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 300 }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
  fc.tuple(fc.nat(255), fc.nat(80_000)).map(([byte, length]) => Buffer.alloc(length, byte)),
  fc
    .tuple(fc.integer({ min: 1, max: 40_000 }), fc.nat(3))
    .map(([length, turn]) => Buffer.from(Array.from({ length }, (_, at) => (at * at * (turn + 7)) >> 5))),
);

test("messages survive compression by any agreement, fragments, and any cut", () => {
  fc.assert(
    fc.property(
      fc.record({ server: terms, client: terms }),
      fc.constantFrom("client" as const, "server" as const),
      fc.array(fc.record({ message, isShared: fc.boolean(), cuts: fc.array(fc.nat(), { maxLength: 3 }) }), {
        maxLength: 6,
      }),
      fc.integer({ min: 1, max: 5_000 }),
      (agreement, role, all, step) => {
        const speaker = end(role, agreement);
        const hearer = end(role === "client" ? "server" : "client", agreement);
        const stream = all.flatMap(({ message, isShared, cuts }) => {
          const plain = encodeFrame(opcodes.binary, message);
          const frame = isShared
            ? speaker.sharedFrame(plain, new Map())
            : (speaker.frame(opcodes.binary, message) ?? plain);
          const payload = payloadOf(frame);
          const at = [0, ...cuts.map((cut) => cut % (payload.length + 1)), payload.length].sort(
            (a, b) => a - b,
          );
          return at.slice(1).flatMap((to, index) => [
            encodeFrame(
              index === 0 ? opcodes.binary : opcodes.continuation,
              payload.subarray(at[index], to),
              {
                isFinal: index === at.length - 2,
                reserved: index === 0 ? (frame[0]! >> 4) & 7 : 0,
              },
            ),
            encodeFrame(opcodes.ping, Buffer.from("?")),
          ]);
        });
        const reader = new WebSocketReader({ isMasked: false, allowsDeflate: true });
        const bytes = Buffer.concat(stream);
        const heard: Buffer[] = [];
        for (let from = 0; from < bytes.length; from += step) {
          for (const event of reader.push(bytes.subarray(from, from + step))) {
            if (event.type !== "binary") continue;
            heard.push(event.isDeflated ? hearer.inflate(event.payload, false, 1_000_000) : event.payload);
          }
        }
        expect(reader.failure).toBeUndefined();
        expect(heard.length).toBe(all.length);
        expect(heard.every((one, at) => one.equals(all[at]!.message))).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

test("another deflate with the agreed window and its own blocks is understood", () => {
  for (const windowBits of [9, 12, 15]) {
    for (const strategy of [constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE]) {
      const text = Buffer.from("so und so ".repeat(2_000));
      const flushed = deflateRawSync(text, { windowBits, strategy, finishFlush: constants.Z_FULL_FLUSH });
      const hearer = end("server", { client: { takesContextOver: true, windowBits } });
      const heard = hearer.inflate(flushed.subarray(0, flushed.length - 4), true, 100_000);
      expect(heard.equals(text)).toBe(true);
    }
  }
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Dissection, type Field, type Part, type Speaker } from "../../wire/anatomy.ts";
import { cuts } from "../../wire/anatomy/cuts.ts";
import { websocketFrame } from "../../wire/anatomy/websocket-frame.ts";
import { closePayload, encodeFrame, opcodes } from "../../wire/websocket-frame.ts";

/** Name to value. */
const valuesOf = (part: Part | undefined): Record<string, string> =>
  Object.fromEntries((part?.fields ?? []).map(({ name, value }) => [name, value]));

/** How often each bit of a part is in a field. */
function coverage(bytes: Uint8Array, fields: readonly Field[]): number[] {
  const bits = Array.from({ length: bytes.length * 8 }, () => 0);
  for (const { offset, length, bits: own } of fields) {
    const first = offset * 8 + (own?.first ?? 0);
    for (let at = first; at < first + (own?.count ?? length * 8); at += 1) bits[at]! += 1;
  }
  return bits;
}

/** All that a conversation says, cut. */
function cutAll(kind: keyof typeof cuts, ...said: readonly (readonly [Speaker, string | Buffer])[]): Part[] {
  const dissection = new Dissection(cuts[kind]());
  return said.flatMap(([from, bytes]) => dissection.hear(from, Buffer.from(bytes)));
}

describe("the examples of RFC 6455 section 5.7", () => {
  test.each([
    [
      "a text",
      "81 05 48 65 6c 6c 6f",
      { FIN: "1", opcode: "0001", MASK: "0", length: "0000101", payload: "Hello" },
    ],
    [
      "a masked text",
      "81 85 37 fa 21 3d 7f 9f 4d 51 58",
      { MASK: "1", mask: "0x37fa213d", "masked payload": "0x7f9f4d5158", "payload, unmasked": "Hello" },
    ],
    ["the first frame of two", "01 03 48 65 6c", { FIN: "0", opcode: "0001", payload: "Hel" }],
    ["the second of them", "80 02 6c 6f", { FIN: "1", opcode: "0000", payload: "0x6c6f" }],
    ["a ping", "89 05 48 65 6c 6c 6f", { opcode: "1001", payload: "0x48656c6c6f" }],
    [
      "a masked pong",
      "8a 85 37 fa 21 3d 7f 9f 4d 51 58",
      { opcode: "1010", "payload, unmasked": "0x48656c6c6f" },
    ],
    [
      "256 bytes",
      `82 7e 01 00 ${"00".repeat(256)}`,
      { length: "1111110", "extended length": "256", opcode: "0010" },
    ],
    [
      "64 KiB",
      `82 7f 00 00 00 00 00 01 00 00 ${"00".repeat(65_536)}`,
      { length: "1111111", "extended length": "65536" },
    ],
  ])("%s", (_, hex, values) => {
    const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
    const part = websocketFrame(bytes);
    expect(valuesOf(part)).toMatchObject(values);
    expect(part?.bytes).toEqual(bytes);
  });
});

test("the mask of that example is applied byte by byte", () => {
  const part = websocketFrame(Buffer.from("818537fa213d7f9f4d5158", "hex"));
  expect(part?.fields.find(({ name }) => name === "masked payload")?.meaning).toBe(
    "byte i is XORed with byte i mod 4 of the mask: 7f 9f 4d 51 58 xor 37 fa 21 3d 37 = 48 65 6c 6c 6f",
  );
});

describe("websocketFrame()", () => {
  const frames = fc.record({
    opcode: fc.integer({ min: 0, max: 15 }),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 140 }),
      fc.uint8Array({ minLength: 65_530, maxLength: 65_540 }),
    ),
    mask: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
    isFinal: fc.boolean(),
    reserved: fc.integer({ min: 0, max: 7 }),
  });

  test("reads back whatever encodeFrame() writes, and leaves its bytes alone", () => {
    fc.assert(
      fc.property(frames, fc.uint8Array({ maxLength: 9 }), (frame, behind) => {
        const { opcode, payload, mask, isFinal, reserved } = frame;
        const bytes = encodeFrame(opcode, payload, { isFinal, reserved, ...(mask ? { mask } : {}) });
        const stream = Buffer.concat([bytes, behind]);
        const before = Buffer.from(stream);
        const part = websocketFrame(stream);
        expect(stream).toEqual(before);
        expect(part?.bytes).toEqual(bytes);
        const values = valuesOf(part);
        expect(values["FIN"]).toBe(isFinal ? "1" : "0");
        expect(Number.parseInt(values["RSV1-3"] ?? "", 2)).toBe(reserved);
        expect(Number.parseInt(values["opcode"] ?? "", 2)).toBe(opcode);
        expect(values["MASK"]).toBe(mask ? "1" : "0");
        expect(values["mask"]).toBe(mask ? `0x${Buffer.from(mask).toString("hex")}` : undefined);
        const length = Number.parseInt(values["length"] ?? "", 2);
        expect(length < 126 ? length : Number(values["extended length"])).toBe(payload.length);
      }),
      { numRuns: 60 },
    );
  });

  test("says what the payload is, below its mask", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 20 }),
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        (payload, mask) => {
          const part = websocketFrame(encodeFrame(opcodes.binary, payload, { mask }));
          expect(valuesOf(part)["payload, unmasked"]).toBe(`0x${Buffer.from(payload).toString("hex")}`);
        },
      ),
    );
  });

  test("has each bit in one field, and what was masked in a second one", () => {
    fc.assert(
      fc.property(frames, ({ opcode, payload, mask }) => {
        const bytes = encodeFrame(opcode, payload, mask ? { mask } : {});
        const counts = coverage(bytes, websocketFrame(bytes)?.fields ?? []);
        const headBits = (bytes.length - payload.length) * 8;
        expect(counts.findIndex((count, at) => count !== (at >= headBits && mask ? 2 : 1))).toBe(-1);
      }),
      { numRuns: 60 },
    );
  });

  test("waits for a frame that is not all there", () => {
    const bytes = encodeFrame(opcodes.text, Buffer.alloc(200, "a"), { mask: Buffer.from("abcd") });
    for (let length = 0; length < bytes.length; length += 1) {
      expect(websocketFrame(bytes.subarray(0, length))).toBe(undefined);
    }
  });

  test.each([
    [closePayload(1000, "done"), { "close code": "1000", reason: "done" }, /all is done/],
    [closePayload(1009), { "close code": "1009" }, /too large/],
    [closePayload(4000), { "close code": "4000" }, /of the application/],
    [Buffer.from([0x03, 0xed]), { "close code": "1005" }, /may not be sent/],
  ])("reads a close frame: %#", (payload, values, meaning) => {
    const part = websocketFrame(encodeFrame(opcodes.close, payload));
    expect(valuesOf(part)).toMatchObject(values);
    expect(part?.fields.find(({ name }) => name === "close code")?.meaning).toMatch(meaning);
  });
});

const upgrade = "GET /echo HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
const switched =
  "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

describe("a conversation", () => {
  test("is HTTP until both sides switch, and frames from there on", () => {
    const parts = cutAll(
      "http",
      ["client", upgrade],
      ["server", Buffer.concat([Buffer.from(switched), encodeFrame(opcodes.ping, Buffer.alloc(0))])],
      ["client", encodeFrame(opcodes.text, Buffer.from("Hi"), { mask: Buffer.from("abcd") })],
    );
    expect(parts.map(({ title }) => title)).toEqual([
      `request head, ${upgrade.length} bytes`,
      `answer head, ${switched.length} bytes`,
      "ping frame, 2 + 0 bytes",
      "text frame, 6 + 2 bytes",
    ]);
    expect(valuesOf(parts[0])).toMatchObject({ method: "GET", target: "/echo", Host: "a" });
    expect(valuesOf(parts[1])).toMatchObject({ status: "101", reason: "Switching Protocols" });
  });

  test("is cut the same however its bytes come", () => {
    const said = Buffer.concat([
      Buffer.from(
        "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nHelloPOST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
      ),
    ]);
    const whole = cutAll("http", ["client", said]);
    expect(whole.map(({ title }) => title.split(",")[0])).toEqual(["request head", "body", "request head"]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: said.length }), { maxLength: 8 }), (places) => {
        const borders = [0, ...places.sort((a, b) => a - b), said.length];
        const pieces = borders.slice(1).map((end, index) => said.subarray(borders[index], end));
        expect(cutAll("http", ...pieces.map((piece) => ["client", piece] as const))).toEqual(whole);
      }),
    );
  });

  test("over HTTP waits with a body in chunks, and takes it for nothing else", () => {
    const parts = cutAll("http", [
      "server",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n0\r\n\r\n",
    ]);
    expect(parts).toHaveLength(1);
  });

  test("over SMTP has a mail in it after 354, and commands again behind its dot", () => {
    const parts = cutAll(
      "smtp",
      ["server", "220 mail.test\r\n"],
      ["client", "EHLO a\r\n"],
      ["server", "250-mail.test\r\n250 PIPELINING\r\n"],
      ["client", "MAIL FROM:<a@b>\r\nDATA\r\n"],
      ["server", "354 go\r\n"],
      ["client", "Subject: x\r\n\r\nHello\r\n.\r\nQUIT\r\n"],
    );
    expect(parts.map(({ title }) => title)).toEqual([
      "reply 220",
      "EHLO",
      "reply 250",
      "MAIL FROM",
      "DATA",
      "reply 354",
      "the mail, 24 bytes",
      "QUIT",
    ]);
    expect(valuesOf(parts[6])).toEqual({
      Subject: "x",
      "empty line": "\\r\\n",
      body: "Hello\\r\\n",
      dot: ".\\r\\n",
    });
  });

  test("over TLS is records, of which only the hellos can be read", () => {
    const hello = Buffer.from("1603010005010000015517030300021234", "hex");
    const parts = cutAll("tls", ["client", hello]);
    expect(parts.map(({ title }) => title)).toEqual([
      "ClientHello record, 5 + 5 bytes",
      "sealed record, 5 + 2 bytes",
    ]);
    expect(valuesOf(parts[0])).toMatchObject({ "handshake length": "1", handshake: "0x55" });
  });

  test.each<[keyof typeof cuts, readonly (readonly [Speaker, string])[]]>([
    ["tcp", [["client", "\0\0\0\x05Hello"]]],
    ["udp", [["client", "Hello"]]],
    [
      "http",
      [
        ["client", upgrade],
        ["server", switched],
      ],
    ],
    [
      "http",
      [
        ["client", "POST / HTTP/1.1\r\ncontent-length: 2\r\n\r\nHi"],
        ["server", "HTTP/1.1 204\r\n\r\n"],
      ],
    ],
    [
      "smtp",
      [
        ["server", "250-a\r\n250-b\r\n250 c\r\n"],
        ["client", "NOOP\r\n"],
        ["server", "250\r\n"],
      ],
    ],
    [
      "smtp",
      [
        ["server", "354 go\r\n"],
        ["client", "A: b\r\n c\r\nD: é\r\n\r\n..x\r\n.\r\n"],
      ],
    ],
    [
      "ftp",
      [
        ["server", "220-welcome\r\n to us\r\n220 ready\r\n"],
        ["client", "STOR a b.txt\r\n"],
      ],
    ],
    ["ftp-data", [["client", "Hello"]]],
  ])("over %s has each byte in one field: %#", (kind, said) => {
    const parts = cutAll(kind, ...said);
    expect(parts.length).toBeGreaterThan(0);
    expect(Buffer.concat(parts.map(({ bytes }) => bytes)).toString()).toBe(
      said.map(([, text]) => text).join(""),
    );
    for (const { bytes, fields } of parts) {
      expect(coverage(bytes, fields).findIndex((count) => count !== 1)).toBe(-1);
    }
  });

  test("with text that could write on a terminal spells it out", () => {
    const [part] = cutAll("udp", ["client", "a\u001b[31mb\u202Ec\n"]);
    expect(valuesOf(part)).toEqual({ message: "a\\u{1b}[31mb\\u{202e}c\\n" });
  });
});

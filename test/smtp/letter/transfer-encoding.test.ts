import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeTransfer } from "../../../servers/smtp/letter/transfer-encoding.ts";
import { needs, python, runTool } from "../../peers/tools.ts";

const decode = (text: string, encoding: string): string =>
  decodeTransfer(Buffer.from(text, "latin1"), encoding).toString("latin1");

test("quoted-printable follows RFC 2045 section 6.7, and keeps what is none", () => {
  expect(decode("a=3Db=3db =E9", "quoted-printable")).toBe("a=b=b \xe9");
  expect(decode("soft=\r\nline=\nends= \t\r\n.", "quoted-printable")).toBe("softlineends.");
  expect(decode("added \t\r\nwhite space \n\t", "quoted-printable")).toBe("added\r\nwhite space\n");
  expect(decode("kept=20\r\n=\r=XX=4 \r =", "quoted-printable")).toBe("kept \r\n=\r=XX=4 \r ");
});

test("base64 passes over what is none of it", () => {
  expect(decode("aGVs\r\n  bG8g\t!d29y*bGQ=\r\n", "base64")).toBe("hello world");
  expect(decode("aGVsbG8", "base64")).toBe("hello");
  expect(decode("", "base64")).toBe("");
});

test("other encodings change nothing", () => {
  for (const encoding of ["7bit", "8bit", "binary", "", "x-unknown"])
    expect(decode("=3D \r\n", encoding)).toBe("=3D \r\n");
});

test("uuencode comes out as Python's binascii encoded it", needs(python), async () => {
  const contents = fc.sample(fc.uint8Array({ maxLength: 200 }), { numRuns: 200, seed: 1 });
  const script = `
import binascii, sys
for line in sys.stdin:
    data = bytes.fromhex(line)
    lines = [binascii.b2a_uu(data[at:at+45]).decode() for at in range(0, len(data), 45)]
    print("begin 644 a b\\n" + "".join(lines) + "\`\\nend\\n", end="\\0")`;
  const input = contents.map((content) => `${Buffer.from(content).toString("hex")}\n`).join("");
  const encoded = (await runTool(python, ["-c", script], { input })).stdout.split("\0");
  for (const [index, content] of contents.entries()) {
    expect(decodeTransfer(Buffer.from(encoded[index]!, "latin1"), "x-uuencode")).toEqual(
      Buffer.from(content),
    );
  }
});

test("never gives more bytes than went in", () => {
  const encoding = fc.constantFrom("base64", "quoted-printable", "uuencode", "7bit");
  fc.assert(
    fc.property(fc.uint8Array(), encoding, (bytes, encoding) => {
      expect(decodeTransfer(Buffer.from(bytes), encoding).length).toBeLessThanOrEqual(bytes.length);
      const lines = Buffer.concat([Buffer.from("begin 644 x\n"), bytes]);
      expect(decodeTransfer(lines, encoding).length).toBeLessThanOrEqual(lines.length);
    }),
  );
});

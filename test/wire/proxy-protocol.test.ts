import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxProxyHeaderBytes, parseProxyHeader } from "../../wire/proxy-protocol.ts";

const signature = "0d0a0d0a000d0a515549540a";

/** A header of version 2: command, family and addresses as hex digits. */
function binary(command: string, family: string, block: string): Buffer {
  const length = (block.length / 2).toString(16).padStart(4, "0");
  return Buffer.from(signature + command + family + length + block, "hex");
}

const tcp4 = ["c0000201", "c6336402", "1388", "0019"].join("");
const ipv6 = ["20010db8000000000000000000000001", "20010db8000000000001000000000002", "1388", "0019"].join(
  "",
);
const path = (text: string): string => Buffer.from(text).toString("hex").padEnd(216, "0");

const valid: readonly (readonly [name: string, header: Buffer, expected: object])[] = [
  [
    "TCP4",
    Buffer.from("PROXY TCP4 192.0.2.1 198.51.100.2 5000 25\r\n"),
    { client: { address: "192.0.2.1", port: 5000 }, destination: { address: "198.51.100.2", port: 25 } },
  ],
  [
    "TCP6",
    Buffer.from("PROXY TCP6 2001:db8::1 ::1 65535 0\r\n"),
    { client: { address: "2001:db8::1", port: 65_535 }, destination: { address: "::1", port: 0 } },
  ],
  ["UNKNOWN", Buffer.from("PROXY UNKNOWN\r\n"), {}],
  [
    "UNKNOWN with the longest line there is",
    Buffer.from(`PROXY UNKNOWN ${"ffff:".repeat(7)}ffff ${"ffff:".repeat(7)}ffff 65535 65535\r\n`),
    {},
  ],
  [
    "version 2, IPv4",
    binary("21", "11", tcp4),
    { client: { address: "192.0.2.1", port: 5000 }, destination: { address: "198.51.100.2", port: 25 } },
  ],
  [
    "version 2, IPv6",
    binary("21", "21", ipv6),
    {
      client: { address: "2001:db8::1", port: 5000 },
      destination: { address: "2001:db8::1:0:0:2", port: 25 },
    },
  ],
  [
    "version 2, unix",
    binary("21", "31", path("/run/a.sock") + path("/run/b.sock")),
    { client: { address: "/run/a.sock", port: 0 }, destination: { address: "/run/b.sock", port: 0 } },
  ],
  [
    "version 2, with type-length-values",
    binary("21", "11", `${tcp4}010002683202000361622e`),
    { client: { address: "192.0.2.1", port: 5000 }, destination: { address: "198.51.100.2", port: 25 } },
  ],
  ["version 2, LOCAL", binary("20", "00", ""), {}],
  ["version 2, LOCAL with addresses, which say nothing", binary("20", "11", tcp4), {}],
  ["version 2, a family of nobody", binary("21", "00", ""), {}],
];

describe.for(valid)("%s", ([, header, expected]) => {
  test("is read, and what stands behind it is left", () => {
    expect(parseProxyHeader(header)).toEqual({ bytes: header.length, ...expected });
    const more = Buffer.concat([header, Buffer.from("EHLO x\r\n\0\xff", "latin1")]);
    expect(parseProxyHeader(more)).toEqual({ bytes: header.length, ...expected });
  });

  test("is incomplete wherever it is cut", () => {
    for (let length = 0; length < header.length; length++) {
      expect(parseProxyHeader(header.subarray(0, length)), String(length)).toBe("incomplete");
    }
  });
});

describe("no valid header:", () => {
  test.for([
    ["EHLO client.test\r\n"],
    ["proxy TCP4 192.0.2.1 198.51.100.2 5000 25\r\n"],
    ["PROXY\r\n"],
    ["PROXY TCP5 192.0.2.1 198.51.100.2 5000 25\r\n"],
    ["PROXY TCP4 192.0.2.1 198.51.100.2 5000\r\n"],
    ["PROXY TCP4 192.0.2.1 198.51.100.2 5000 25 \r\n"],
    ["PROXY  TCP4 192.0.2.1 198.51.100.2 5000 25\r\n"],
    ["PROXY TCP4 192.0.2.1 198.51.100.2 05000 25\r\n"],
    ["PROXY TCP4 192.0.2.1 198.51.100.2 5000 65536\r\n"],
    ["PROXY TCP4 192.0.2.256 198.51.100.2 5000 25\r\n"],
    ["PROXY TCP4 2001:db8::1 ::1 5000 25\r\n"],
    ["PROXY TCP6 192.0.2.1 198.51.100.2 5000 25\r\n"],
    ["PROXY TCP4 192.0.2.1 198.51.100.2 -1 25\r\n"],
    ["PROXY UNKNOWNX\r\n"],
    [`PROXY UNKNOWN ${"x".repeat(92)}\r\n`],
    [`PROXY TCP4 ${"1".repeat(200)}`],
  ])("%j", ([text]) => {
    expect(parseProxyHeader(Buffer.from(text!))).toBe("invalid");
  });

  test.for([
    ["version 1 in the binary form", binary("11", "11", tcp4)],
    ["an unknown command", binary("22", "11", tcp4)],
    ["a datagram", binary("21", "12", tcp4)],
    ["an unknown family", binary("21", "41", tcp4)],
    ["fewer bytes than the addresses need", binary("21", "11", tcp4.slice(2))],
    ["IPv4 addresses called IPv6", binary("21", "21", tcp4)],
    ["a value longer than the header", binary("21", "11", `${tcp4}0100ff68`)],
    ["half a type-length-value", binary("21", "11", `${tcp4}0100`)],
    ["more bytes than are read", Buffer.from(`${signature}2111${maxProxyHeaderBytes.toString(16)}`, "hex")],
  ] as const)("version 2, %s", ([, header]) => {
    expect(parseProxyHeader(header)).toBe("invalid");
  });
});

test("any bytes have an answer, which the rest of the connection does not change", () => {
  const beginning = fc.constantFrom(
    "",
    "PROXY ",
    "PROXY TCP4 1.2.3.4 ",
    "\r\n\r\n\0\r\nQUIT\n",
    "\r\n\r\n\0\r\nQUIT\n!\x11",
  );
  fc.assert(
    fc.property(beginning, fc.uint8Array({ maxLength: 300 }), fc.uint8Array(), (text, bytes, rest) => {
      const head = Buffer.concat([Buffer.from(text, "latin1"), bytes]);
      const answer = parseProxyHeader(head);
      if (answer !== "incomplete") expect(parseProxyHeader(Buffer.concat([head, rest]))).toEqual(answer);
    }),
  );
});

import { describe, expect, test } from "vitest";
import { startWeb, type WebHandler } from "../../servers/web/index.ts";
import { exchange, raw, statuses } from "./raw.ts";

/* Heads and bodies that two programs could read in two ways. Behind each stands a request that must never be answered. */

const smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
const get = (lines: string): string => `GET / HTTP/1.1\r\nHost: x\r\n${lines}\r\n`;
const post = (lines: string, body = ""): string => `POST / HTTP/1.1\r\nHost: x\r\n${lines}\r\n${body}`;

const refused: readonly (readonly [what: string, bytes: string, status: number])[] = [
  ["a request line of LF", "GET / HTTP/1.1\nHost: x\n\n", 400],
  ["a field line of LF", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400],
  ["a lone CR in a value (CVE-2023-30589)", get("A: b\rContent-Length: 5\r\n"), 400],
  ["a lone CR before the empty line", "GET / HTTP/1.1\r\nHost: x\r\r\n\r\n", 400],
  ["a NUL in a value", get("A: b\0c\r\n"), 400],
  ["a DEL in a value", get("A: \x7f\r\n"), 400],
  ["a space before the colon (CVE-2021-22959)", post("Content-Length : 5\r\n", "hello"), 400],
  ["a tab before the colon", get("A\t: b\r\n"), 400],
  ["a folded line (CVE-2024-27982)", get("A: b\r\n Content-Length: 5\r\n"), 400],
  ["a folded first field", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400],
  ["a field without a colon", get("Broken\r\n"), 400],
  ["a field without a name", get(": b\r\n"), 400],
  ["a name that is no token", get("A(b): c\r\n"), 400],
  ["no Host", "GET / HTTP/1.1\r\n\r\n", 400],
  ["two Hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400],
  ["a Host that is none", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400],
  ["a Host with a name and password", "GET / HTTP/1.1\r\nHost: a@x\r\n\r\n", 400],
  ["two lengths that differ", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), 400],
  ["two lengths that agree", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400],
  ["a list of lengths", post("Content-Length: 5, 5\r\n", "hello"), 400],
  ["a length with a sign", post("Content-Length: +5\r\n", "hello"), 400],
  ["a negative length", post("Content-Length: -5\r\n", "hello"), 400],
  ["a length in hexadecimal", post("Content-Length: 0x5\r\n", "hello"), 400],
  ["an empty length", post("Content-Length: \r\n"), 400],
  ["a length beyond all bounds", post(`Content-Length: ${"9".repeat(30)}\r\n`), 400],
  ["a length and chunks", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400],
  ["chunked twice", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 400],
  [
    "chunked in two fields",
    post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
    400,
  ],
  [
    "chunked that is not last (CVE-2022-32213)",
    post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
    400,
  ],
  ["almost chunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 400],
  ["chunked behind a vertical tab", post("Transfer-Encoding: \x0bchunked\r\n", "0\r\n\r\n"), 400],
  ["chunked in quotation marks", post('Transfer-Encoding: "chunked"\r\n', "0\r\n\r\n"), 400],
  ["another coding", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501],
  ["chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
  ["a chunk size that is no number", post("Transfer-Encoding: chunked\r\n", "zz\r\nhello\r\n"), 400],
  ["a chunk size with a prefix", post("Transfer-Encoding: chunked\r\n", "0x5\r\nhello\r\n0\r\n\r\n"), 400],
  [
    "a chunk size with a space before",
    post("Transfer-Encoding: chunked\r\n", " 5\r\nhello\r\n0\r\n\r\n"),
    400,
  ],
  [
    "a chunk line of LF (CVE-2025-22871)",
    post("Transfer-Encoding: chunked\r\n", "5\nhello\r\n0\r\n\r\n"),
    400,
  ],
  [
    "a lone CR in a chunk extension (CVE-2021-22960)",
    post("Transfer-Encoding: chunked\r\n", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
    400,
  ],
  ["a chunk longer than its size", post("Transfer-Encoding: chunked\r\n", "3\r\nhello\r\n0\r\n\r\n"), 400],
  ["an endless chunk extension", post("Transfer-Encoding: chunked\r\n", `5;${"a".repeat(400)}`), 400],
  ["a folded trailer", post("Transfer-Encoding: chunked\r\n", "0\r\nA: b\r\n c\r\n\r\n"), 400],
  ["HTTP/2.0", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505],
  ["HTTP/1.2", "GET / HTTP/1.2\r\nHost: x\r\n\r\n", 505],
  ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  ["HTTP/0.9", "GET /\r\n\r\n", 400],
  ["http in lower case", "GET / http/1.1\r\nHost: x\r\n\r\n", 400],
  ["two spaces in the request line", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400],
  ["a space behind the request line", "GET / HTTP/1.1 \r\nHost: x\r\n\r\n", 400],
  ["a tab in the request line", "GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n", 400],
  ["a method that is no token", "G(T / HTTP/1.1\r\nHost: x\r\n\r\n", 400],
  ["a target that is no path", "GET index.html HTTP/1.1\r\nHost: x\r\n\r\n", 400],
  ["a target with a fragment", "GET /#a HTTP/1.1\r\nHost: x\r\n\r\n", 400],
  ["a target with a byte of UTF-8", "GET /\xc3\xa4 HTTP/1.1\r\nHost: x\r\n\r\n", 400],
  ["an asterisk with GET", "GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400],
  ["a path that climbs out", "GET /../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 400],
  ["a path with an encoded NUL", "GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n", 400],
  ["a path that cannot be decoded", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400],
  ["over 100 fields", get("A: b\r\n".repeat(101)), 431],
  ["a head over 16 KB", get(`A: ${"b".repeat(17_000)}\r\n`), 431],
  ["a first line over 16 KB", `GET /${"a".repeat(17_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414],
  ["an endless first line", "A".repeat(20_000), 414],
  ["TLS where there is none", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 400],
  ["another expectation", get("Expect: miracles\r\n"), 417],
  ["a body over maxBodyBytes", post("Content-Length: 2000000\r\n"), 413],
  [
    "chunks over maxBodyBytes",
    post("Transfer-Encoding: chunked\r\n", `1e8480\r\n${"a".repeat(1_000_001)}`),
    413,
  ],
];

describe("startWeb() refuses, and closes the connection behind", () => {
  test.each(refused)("%s", async (_what, bytes, status) => {
    const answer: WebHandler = async ({ body }) => `answered ${await body.text()}`;
    await using web = await startWeb({ routes: { "/*": answer }, maxBodyBytes: 1_000_000 });
    const heard = await exchange(web.port, bytes + smuggled);
    expect(statuses(heard)).toEqual([status]);
    expect(heard).toMatch(/connection: close/i);
    expect(heard).not.toContain("answered");
    expect(web.requests().map(({ path }) => path)).not.toContain("/smuggled");
  });
});

const taken: readonly (readonly [what: string, bytes: string, body: string])[] = [
  ["an empty line before a request", `\r\n\r\n${get("")}`, ""],
  ["white space around a value", post("Content-Length: \t5 \r\n", "hello"), "hello"],
  ["names in any case", post("cOnTeNt-LeNgTh: 5\r\n", "hello"), "hello"],
  ["chunked in any case", post("Transfer-Encoding: CHUNKED\r\n", "5\r\nhello\r\n0\r\n\r\n"), "hello"],
  [
    "chunk extensions",
    post("Transfer-Encoding: chunked\r\n", '5;a=b;c="d e"\r\nhello\r\n0;x\r\n\r\n'),
    "hello",
  ],
  [
    "leading zeros of a chunk size",
    post("Transfer-Encoding: chunked\r\n", "005\r\nhello\r\n000\r\n\r\n"),
    "hello",
  ],
  ["trailers", post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\nA: b\r\n\r\n"), "hello"],
  ["an absolute URL", "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", ""],
  ["an IPv6 host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", ""],
  ["bytes beyond ASCII in a value", get("A: \xe4\r\n"), ""],
  ["an empty value", get("A:\r\n"), ""],
];

describe("startWeb() takes", () => {
  test.each(taken)("%s, however the bytes are cut", async (_what, bytes, body) => {
    await using web = await startWeb({
      routes: { "/*": async (request) => `(${await request.body.text()})` },
    });
    for (const pieces of [[bytes], bytes.split("")]) {
      await using client = await raw(web.port);
      for (const piece of pieces) {
        client.send(piece);
        // Each on its own: what was written in one turn of the loop would leave together.
        if (pieces.length > 1) await new Promise((resolve) => setImmediate(resolve));
      }
      client.send(smuggled.replace("smuggled", "next"));
      const heard = await client.until(/200 OK[^]*200 OK[^]*\r\n\r\n\(\)$/);
      expect(statuses(heard)).toEqual([200, 200]);
      expect(heard).toContain(`(${body})`);
    }
  });
});

import { describe, expect, test } from "vitest";
import { readLetter } from "../../../servers/smtp/letter/read-letter.ts";
import { summarize } from "../../../servers/smtp/letter/summarize.ts";

describe("a hostile mail costs time in proportion to its size:", () => {
  const size = 1_000_000;
  const many = (text: string): string => text.repeat(Math.ceil(size / text.length));
  const deep = Array.from(
    { length: 5000 },
    (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
  );
  const cases: Readonly<Record<string, string>> = {
    "a header of nothing but fields": many("a: b\r\n"),
    "a header of folded lines": `Subject: x${many("\r\n y")}`,
    "one field of spaces": `From: ${many(" ")}x\r\nContent-Type: ${many(" ")};${many(" ")}`,
    "addresses without end": `To: ${many("a@b, ")}`,
    "brackets without end": `To: ${many("<")}\r\nCc: ${many("(")}\r\nBcc: ${many('"')}`,
    "encoded words without end": `Subject: ${many("=?utf-8?Q?=C3?= ")}`,
    "parameters without end": `Content-Type: text/plain${many(";a=")}`,
    "parts without end": `Content-Type: multipart/mixed; boundary=b\r\n\r\n${many("--b\r\n")}`,
    "lines that are nearly delimiters": `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${many("--c\n")}`,
    "multiparts in multiparts": deep.join(""),
    "messages in messages": many("Content-Type: message/rfc822\r\n\r\n"),
    "tags that never end": `Content-Type: text/html\r\n\r\n${many("<a ")}`,
    "quotes that never end": `Content-Type: text/html\r\n\r\n${many("<a b=\"<c d='")}`,
    "comments that never end": `Content-Type: text/html\r\n\r\n${many("<!-- ")}`,
    "scripts that never end": `Content-Type: text/html\r\n\r\n${many("<script></scrip>")}`,
    "character references without end": `Content-Type: text/html\r\n\r\n${many("&#x")}`,
    "images without end": `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n${many("cid:")}\r\n--b\r\nContent-ID: <x>\r\n`,
    "text of digits": `\r\n${many("1234 ")}code${many("12")}`,
    "text of codes": `\r\n${many("code 493817, ")}`,
    "text of brackets": `\r\nhttps://x/${many(")(")}${many(" https://x/)))")}`,
    "flowed text": `Content-Type: text/plain; format=flowed\r\n\r\n${many(">a \r\n")}`,
    "attributes without end": `Content-Type: text/html\r\n\r\n<a ${many("b  ")}><img ${many("c=")}>`,
    "links without end": `Content-Type: text/html\r\n\r\n${many("<a href=x>")}`,
    "uuencode without end": `Content-Transfer-Encoding: uuencode\r\n\r\nbegin 644 x\r\n${many("~\r\n")}`,
    "lines of white space": `Content-Transfer-Encoding: quoted-printable\r\n\r\n${many(" ")}x${many(" \t=\r\n")}`,
  };

  test.for(Object.entries(cases))("%s", async ([, text]) => {
    const raw = Buffer.from(text);
    const started = performance.now();
    summarize(raw);
    const summarized = performance.now();
    await readLetter(raw);
    // What is quadratic takes minutes at this size.
    expect(summarized - started).toBeLessThan(2000);
    expect(performance.now() - summarized).toBeLessThan(5000);
  });
});

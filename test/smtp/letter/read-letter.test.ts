import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partOf } from "../../../servers/smtp/letter/attachment.ts";
import { readLetter } from "../../../servers/smtp/letter/read-letter.ts";
import { mailOf } from "./mail.ts";

describe("readLetter()", () => {
  test("gives all that people and tests look for", async () => {
    const raw = mailOf(
      "Received: from a",
      "Received: from b",
      "From: =?utf-8?Q?L=C3=A9a?= <lea@example.com>",
      "To: ann@example.com",
      "SUBJECT: Sign in",
      "Date: Mon, 23 Nov 2026 18:21:24 +0100 (CET)",
      "Message-ID: <1@example.com>",
      "X-Note: =?iso-8859-1?Q?a=E9?=",
      " b",
      "Content-Type: multipart/mixed; boundary=m",
      "",
      "--m",
      "Content-Type: multipart/related; boundary=r",
      "",
      "--r",
      "Content-Type: text/html; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      '<h1>Sign in</h1><p>Your code is <b>493 817</b>, or <a href=3D"https://example.com/in?a=3D1&amp;b=3D2">sign=',
      ' in</a>.</p><img src=3D"cid:logo@example.com" alt=3D"Logo">',
      "--r",
      "Content-Type: image/png; name=logo.png",
      "Content-ID: <logo@example.com>",
      "Content-Transfer-Encoding: base64",
      "",
      "AAEC",
      "/w==",
      "--r--",
      "--m",
      "Content-Type: message/rfc822",
      "",
      "Subject: re: inner / outer",
      "",
      "inner",
      "--m--",
    );
    const inner = Buffer.from("Subject: re: inner / outer\r\n\r\ninner");
    const letter = await readLetter(raw);
    expect(letter).toEqual({
      subject: "Sign in",
      from: { name: "Léa", address: "lea@example.com" },
      to: [{ name: "", address: "ann@example.com" }],
      cc: [],
      bcc: [],
      replyTo: [],
      messageId: "1@example.com",
      date: new Date("2026-11-23T17:21:24Z"),
      text: "Sign in\n\nYour code is 493 817, or sign in.\n\nLogo",
      html:
        '<h1>Sign in</h1><p>Your code is <b>493 817</b>, or <a href="https://example.com/in?a=1&amp;b=2">sign in</a>.</p>' +
        '<img src="cid:logo@example.com" alt="Logo">',
      headers: [
        { name: "Received", value: "from a" },
        { name: "Received", value: "from b" },
        { name: "From", value: "Léa <lea@example.com>" },
        { name: "To", value: "ann@example.com" },
        { name: "SUBJECT", value: "Sign in" },
        { name: "Date", value: "Mon, 23 Nov 2026 18:21:24 +0100 (CET)" },
        { name: "Message-ID", value: "<1@example.com>" },
        { name: "X-Note", value: "aé b" },
        { name: "Content-Type", value: "multipart/mixed; boundary=m" },
      ],
      links: [{ href: "https://example.com/in?a=1&b=2", text: "sign in" }],
      codes: ["493 817"],
      attachments: [
        {
          partId: "2",
          name: "re inner outer.eml",
          type: "message/rfc822",
          contentId: "",
          size: inner.length,
          content: inner,
          sha256: createHash("sha256").update(inner).digest("hex"),
        },
      ],
      inline: [
        {
          partId: "1.2",
          name: "logo.png",
          type: "image/png",
          contentId: "logo@example.com",
          size: 4,
          content: Buffer.of(0, 1, 2, 255),
          sha256: createHash("sha256")
            .update(Buffer.of(0, 1, 2, 255))
            .digest("hex"),
        },
      ],
    });
    expect(partOf(raw, "2.1")?.content.toString()).toBe("inner");
    expect(partOf(raw, "3")).toBeUndefined();
  });

  test("keeps plain text that stands beside HTML, in both", async () => {
    const letter = await readLetter(
      mailOf(
        "Content-Type: multipart/mixed; boundary=m",
        "",
        "--m",
        "Content-Type: text/html",
        "",
        "<p>body</p>",
        "--m",
        "",
        "a < b -- the list",
        "--m--",
      ),
    );
    expect(letter.text).toBe("body\na < b -- the list");
    expect(letter.html).toBe('<p>body</p>\n<div style="white-space: pre-wrap">a &lt; b -- the list</div>');
    expect(letter.attachments).toEqual([]);
  });

  test("shows the body of a multipart that has no parts", async () => {
    expect((await readLetter(mailOf("Content-Type: multipart/mixed; boundary=x", "", "Hello"))).text).toBe(
      "Hello",
    );
    expect((await readLetter(mailOf("Content-Type: multipart/mixed", "", "Hello"))).text).toBe("Hello");
  });

  test("shows text that says base64 and is none, and HTML in the charset it names itself", async () => {
    const plain = mailOf("Content-Transfer-Encoding: base64", "", "Hello Ann, this is not encoded");
    expect((await readLetter(plain)).text).toBe("Hello Ann, this is not encoded");
    const html = mailOf("Content-Type: text/html", "", '<meta charset="koi8-r"><p>', "X</p>");
    html[html.indexOf("X")] = 0xf0;
    expect((await readLetter(html)).text).toBe("П");
  });

  test("gives addresses of the same machine as addresses, and names without one as names", async () => {
    const { from, to, cc } = await readLetter(
      mailOf(
        "From: Mail System <MAILER-DAEMON>",
        "To: root, <ann>, Undisclosed recipients",
        "Cc: undisclosed:;",
        "",
        "",
      ),
    );
    expect(from).toEqual({ name: "Mail System", address: "MAILER-DAEMON" });
    expect(to).toEqual([
      { name: "", address: "root" },
      { name: "", address: "ann" },
      { name: "Undisclosed recipients", address: "" },
    ]);
    expect(cc).toEqual([]);
  });

  test("joins the lines of flowed text (RFC 3676)", async () => {
    const flowed = (parameters: string, ...lines: string[]): Promise<string> =>
      readLetter(mailOf(`Content-Type: text/plain; format=flowed${parameters}`, "", ...lines)).then(
        ({ text }) => text,
      );
    expect(await flowed("", "one ", "two", " three", "> four ", "> five", "-- ", "Ann")).toBe(
      "one two\nthree\n> four five\n-- \nAnn",
    );
    expect(await flowed("; delsp=yes", "https://example.com/ ", "path")).toBe("https://example.com/path");
  });

  test("undoes uuencode", async () => {
    const raw = mailOf(
      "Content-Transfer-Encoding: x-uuencode",
      "",
      "begin 644 a.txt",
      "%:&5L;&\\",
      "`",
      "end",
      "no",
    );
    expect((await readLetter(raw)).text).toBe("hello");
  });

  const charsets: readonly (readonly [charset: string, bytes: string, text: string])[] = [
    ["utf-8", "e282ac20c3a9", "€ é"],
    ["UTF8", "e282ac", "€"],
    ["iso-8859-1", "e9", "é"],
    ["windows-1252", "80", "€"],
    ["cp1251", "cff0e8e2e5f2", "Привет"],
    ["x-cp1250", "b9", "ą"],
    ["iso-8859-15", "a4", "€"],
    ["koi8-r", "f0d2c9d7c5d4", "Привет"],
    ["shift_jis", "93fa967b", "日本"],
    ["iso-2022-jp", "1b2442467c4b5c1b2842", "日本"],
    ["euc-kr", "c7d1b1db", "한글"],
    ["gb18030", "c4e3bac381308130", "你好\u0080"],
    ["big5", "a7dab4c1", "我期"],
    ["utf-16", "fffe410042006100", "ABa"],
    ["utf-16be", "00410042", "AB"],
    ["us-ascii", "c3a9", "é"],
    ["us-ascii", "e9", "é"],
    ["x-nobody-knows", "c3a9", "é"],
    ["x-nobody-knows", "e9", "é"],
    ["", "e9", "é"],
    ["iso-2022-kr", "c3a9", "é"],
  ];
  test.for(charsets)("reads %s %s", async ([charset, hexadecimal, expected]) => {
    const header = `Subject: =?${charset || "x"}?B?${Buffer.from(hexadecimal, "hex").toString("base64")}?=\r\n`;
    const type = charset === "" ? "text/plain" : `text/plain; charset="${charset}"`;
    const raw = Buffer.concat([
      Buffer.from(`${header}Content-Type: ${type}\r\n\r\n`),
      Buffer.from(hexadecimal, "hex"),
    ]);
    const { text } = await readLetter(raw);
    expect(text).toBe(expected);
  });

  test("reads headers sent in UTF-8 (RFC 6532) or in windows-1252 without saying so", async () => {
    expect((await readLetter(Buffer.from("Subject: é €\r\n\r\n"))).subject).toBe("é €");
    expect((await readLetter(Buffer.from("Subject: \xe9\r\n\r\n", "latin1"))).subject).toBe("é");
  });

  const dates: readonly (readonly [value: string, iso: string | undefined])[] = [
    ["Mon, 23 Nov 2026 18:21:24 +0000", "2026-11-23T18:21:24.000Z"],
    ["23 Nov 2026 18:21 -0530", "2026-11-23T23:51:00.000Z"],
    ["Mon, 23 Nov 26 18:21:24 PST", "2026-11-24T02:21:24.000Z"],
    ["Fri, 21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06.000Z"],
    ["Mon, 23 Nov 2026 18:21:24", "2026-11-23T18:21:24.000Z"],
    ["2026-11-23T18:21:24Z", "2026-11-23T18:21:24.000Z"],
    ["Mon, 23 Foo 2026 18:21:24 +0000", undefined],
    ["yesterday 1", undefined],
  ];
  test.for(dates)("reads the date %s", async ([value, iso]) => {
    expect((await readLetter(mailOf(`Date: ${value}`, "", ""))).date?.toISOString()).toBe(iso);
  });

  test("never throws, whatever the bytes", async () => {
    const token = fc.constantFrom(
      "Content-Type: multipart/mixed; boundary=b\r\n",
      "Content-Type: text/html\r\n",
      "Content-Type: message/rfc822\r\n",
      "Content-Transfer-Encoding: quoted-printable\r\n",
      "Content-Transfer-Encoding: base64\r\n",
      "Content-Transfer-Encoding: uuencode\r\n",
      "Content-Disposition: attachment; filename*0*=x''%",
      "Subject: =?utf-8?Q?=",
      "From: a:b,<",
      "Date: ",
      "\r\n",
      "\r\n--b\r\n",
      "\r\n--b--\r\n",
      "<a href='https://",
      "&#x110000;&#0;&#55296;",
      "begin 644 x\r\n",
      "code 493 817",
    );
    const piece = fc.oneof(token, fc.uint8Array({ maxLength: 20 }));
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        const raw = Buffer.concat(pieces.map((piece) => Buffer.from(piece as Uint8Array)));
        const letter = await readLetter(raw);
        expect(letter.text).toBeTypeOf("string");
      }),
      { numRuns: 1000 },
    );
  });
});

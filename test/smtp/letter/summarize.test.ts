import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { summarize } from "../../../servers/smtp/letter/summarize.ts";
import { mailOf } from "./mail.ts";

describe("summarize()", () => {
  test("reads the header and the text of a plain mail", () => {
    const raw = mailOf(
      "From: Ann Lee <ann@example.com>",
      'To: bob@example.com, "Lee, Cid" <cid@example.com>',
      "Cc: friends: dan@example.com, eve@example.com;",
      "Reply-To: <office@example.com>",
      "Subject: Welcome to",
      " the house",
      "Message-ID: <1@example.com>",
      "",
      "Hello  Bob,",
      "",
      "come in.",
      "",
    );
    expect(summarize(raw)).toEqual({
      subject: "Welcome to the house",
      from: { name: "Ann Lee", address: "ann@example.com" },
      to: [
        { name: "", address: "bob@example.com" },
        { name: "Lee, Cid", address: "cid@example.com" },
      ],
      cc: [
        { name: "", address: "dan@example.com" },
        { name: "", address: "eve@example.com" },
      ],
      bcc: [],
      replyTo: [{ name: "", address: "office@example.com" }],
      messageId: "1@example.com",
      attachments: 0,
      inline: 0,
      text: "Hello  Bob,\n\ncome in.\n",
      snippet: "Hello Bob, come in.",
    });
  });

  test("decodes encoded words after the addresses are taken apart", () => {
    const raw = mailOf(
      "From: =?utf-8?Q?L=C3=A9a=2C_chef?= <lea@example.com>",
      "To: =?iso-8859-1?Q?J=F6rg?= <joerg@example.com>, =?utf-8?B?44GC?= <a@example.com>",
      "Subject: =?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?= =?koi8-r?B?8NLJ18XU?=",
      "",
      "",
    );
    const summary = summarize(raw);
    expect(summary.from).toEqual({ name: "Léa, chef", address: "lea@example.com" });
    expect(summary.to.map(({ name }) => name)).toEqual(["Jörg", "あ"]);
    expect(summary.subject).toBe("caféПривет");
  });

  test("takes the text from HTML when there is no other", () => {
    const raw = mailOf(
      "Content-Type: text/html; charset=windows-1252",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      "<head><title>no</title><style>p{color:red}</style></head><body><p>Price:=20<b>5&nbsp;=80</b></p>",
      "<script>alert('<p>no</p>')</script><p>Bye</p>",
    );
    expect(summarize(raw).text).toBe("Price: 5 €\n\nBye");
  });

  test("counts attachments and what the HTML shows, and reads one form of an alternative", () => {
    const raw = mailOf(
      'Content-Type: multipart/mixed; boundary="a"',
      "",
      "--a",
      "Content-Type: multipart/related; boundary=b",
      "",
      "--b",
      'Content-Type: multipart/alternative; boundary="a--"',
      "",
      "--a--",
      "",
      "the plain one",
      "--a--",
      "Content-Type: text/html",
      "",
      '<p>the other <img src="cid:logo%40x"></p>',
      "--a----",
      "--b",
      "Content-Type: image/png",
      "Content-ID: <logo@x>",
      "",
      "png",
      "--b--",
      "--a",
      "Content-Type: message/rfc822",
      "",
      "Subject: inner",
      "",
      "not of this mail",
      "--a",
      "Content-Type: text/plain; name=notes.txt",
      "",
      "notes",
      "--a--",
    );
    expect(summarize(raw)).toMatchObject({ attachments: 2, inline: 1, text: "the plain one" });
  });

  test("keeps at most 65,536 characters of text and 250 of the snippet, and cuts no character in two", () => {
    const summary = summarize(
      mailOf("Content-Type: text/plain; charset=utf-8", "", `x${"😀".repeat(50_000)}`),
    );
    expect(summary.text).toHaveLength(65_535);
    expect(summary.snippet).toBe(`x${"😀".repeat(124)}`);
  });

  test("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(typeof summarize(bytes).text).toBe("string");
      }),
    );
  });

  test("never throws on a mail with a hole in it", () => {
    const raw = mailOf(
      "From: =?utf-8?Q?L=C3=A9a?= <lea@example.com>, x: y@example.com;",
      "Content-Type: multipart/mixed; boundary*0=a; boundary*1=b",
      "",
      "--ab",
      "Content-Type: text/html; charset*=''utf%2d8",
      "Content-Transfer-Encoding: base64",
      "",
      "PGltZyBzcmM9ImNpZDphIj4=",
      "--ab",
      "Content-ID: <a>",
      "Content-Disposition: inline; filename*=utf-8''%e2%82%ac.png",
      "",
      "--ab--",
    );
    expect(summarize(raw)).toMatchObject({ inline: 1 });
    const place = fc.nat(raw.length);
    fc.assert(
      fc.property(place, place, fc.uint8Array({ maxLength: 8 }), (from, to, bytes) => {
        const broken = Buffer.concat([raw.subarray(0, from), bytes, raw.subarray(to)]);
        expect(summarize(broken).attachments).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });
});

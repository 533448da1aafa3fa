import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scanStructure } from "../../../servers/smtp/letter/structure.ts";
import { mailOf } from "./mail.ts";
import type { Part } from "../../../servers/smtp/letter/structure.ts";

function bodiesOf(raw: Buffer, part = scanStructure(raw)): Record<string, string> {
  const own = { [part.id]: raw.toString("latin1", part.bodyStart, part.bodyEnd) };
  return Object.assign(own, ...part.children.map((child) => bodiesOf(raw, child)));
}

function idsOf(part: Part): string[] {
  return [part.id, ...part.children.flatMap(idsOf)];
}

describe("scanStructure()", () => {
  test("numbers the parts as in the example of RFC 3501 section 6.4.5", () => {
    const raw = mailOf(
      "Content-Type: multipart/mixed; boundary=outer",
      "",
      "--outer",
      "Content-Type: text/plain",
      "",
      "--outer",
      "Content-Type: application/octet-stream",
      "",
      "--outer",
      "Content-Type: message/rfc822",
      "",
      "Content-Type: multipart/mixed; boundary=inner",
      "",
      "--inner",
      "",
      "text",
      "--inner",
      "Content-Type: application/octet-stream",
      "",
      "--inner--",
      "--outer",
      "Content-Type: multipart/mixed; boundary=fourth",
      "",
      "--fourth",
      "Content-Type: image/gif",
      "",
      "--fourth",
      "Content-Type: message/rfc822",
      "",
      "Content-Type: multipart/mixed; boundary=message",
      "",
      "--message",
      "",
      "text",
      "--message",
      "Content-Type: multipart/alternative; boundary=forms",
      "",
      "--forms",
      "",
      "plain",
      "--forms",
      "Content-Type: text/richtext",
      "",
      "rich",
      "--outer--",
    );
    const ids = "TEXT 1 2 3 3.TEXT 3.1 3.2 4 4.1 4.2 4.2.TEXT 4.2.1 4.2.2 4.2.2.1 4.2.2.2";
    expect(idsOf(scanStructure(raw))).toEqual(ids.split(" "));
  });

  test("gives the body of a mail without parts the number 1", () => {
    expect(bodiesOf(mailOf("Subject: x", "", "Hello", ""))).toEqual({ "1": "Hello\r\n" });
    expect(bodiesOf(mailOf("Content-Type: message/rfc822", "", "Subject: x", "", "Hello"))).toEqual({
      "1": "Subject: x\r\n\r\nHello",
      "1.1": "Hello",
    });
  });

  test("gives the line ending before a delimiter to the delimiter, and nothing more", () => {
    const raw = mailOf(
      "Content-Type: multipart/mixed; boundary=b",
      "",
      "preamble",
      "--b",
      "",
      "one",
      "",
      "--b \t",
      "",
      "--b",
      "--b",
      "Content-Type: text/plain",
      "--b",
      "",
      "--bb",
      "---b",
      " --b",
      "--b-",
      "--b--",
      "epilogue",
      "--b",
      "",
      "no part",
    );
    expect(bodiesOf(raw)).toMatchObject({
      "1": "one\r\n",
      "2": "",
      "3": "",
      "4": "",
      "5": "--bb\r\n---b\r\n --b\r\n--b-",
    });
    expect(scanStructure(raw).children).toHaveLength(5);
  });

  test("ends a multipart that was never closed at the next delimiter outside it", () => {
    const raw = mailOf(
      "Content-Type: multipart/mixed; boundary=a",
      "",
      "--a",
      "Content-Type: multipart/mixed; boundary=b",
      "",
      "--b",
      "",
      "inner",
      "--a",
      "",
      "outer",
      "--b",
      "",
      "text",
    );
    expect(bodiesOf(raw)).toMatchObject({ "1.1": "inner", "2": "outer\r\n--b\r\n\r\ntext" });
  });

  test("reads line feeds alone as well as CRLF", () => {
    const raw = Buffer.from(
      "Content-Type: multipart/mixed;\n boundary=b\n\n--b\n\none\n\n--b\n\ntwo\n--b--\n",
    );
    expect(bodiesOf(raw)).toMatchObject({ "1": "one\n", "2": "two" });
  });

  test("takes parts of a digest for messages (RFC 2046 section 5.1.5)", () => {
    const raw = mailOf(
      "Content-Type: multipart/digest; boundary=b",
      "",
      "--b",
      "",
      "Subject: x",
      "",
      "text",
      "--b--",
    );
    expect(scanStructure(raw).children[0]).toMatchObject({
      type: "message/rfc822",
      children: [{ id: "1.1" }],
    });
  });

  test("reads name, type, disposition and encoding as senders write them", () => {
    const partOf = (...fields: string[]): Part => scanStructure(mailOf(...fields, "", ""));
    expect(
      partOf("CONTENT-TYPE : Text/HTML; charset=x (a comment)", "Content-Transfer-Encoding: BASE64 (no)"),
    ).toMatchObject({
      type: "text/html",
      encoding: "base64",
      parameters: new Map([["charset", "x"]]),
    });
    expect(partOf("Content-Type: nonsense", "Content-Disposition: Attachment")).toMatchObject({
      type: "text/plain",
      disposition: "attachment",
    });
    const nameOf = (parameters: string): string =>
      partOf(`Content-Disposition: attachment; ${parameters}`).fileName;
    expect(nameOf(`filename="a \\"b\\" \\\\ C:\\temp.txt"`)).toBe(`a "b" \\ C:\\temp.txt`);
    expect(nameOf("filename=Invoice (1).pdf; size=3")).toBe("Invoice (1).pdf");
    expect(nameOf("filename=Invoice(1).pdf")).toBe("Invoice(1).pdf");
    expect(nameOf(`filename="one.txt"; filename="two.txt"`)).toBe("one.txt");
    expect(nameOf(`filename="never closed.txt`)).toBe("never closed.txt");
    expect(nameOf("filename=naïve.txt")).toBe("naïve.txt");
    expect(nameOf("filename*=iso-8859-1'en'%A3%20rates.txt; filename=rates.txt")).toBe("£ rates.txt");
    expect(nameOf(`filename*1*=%82%AC; filename*2=".txt"; filename*0*=utf-8''%E2`)).toBe("€.txt");
    expect(nameOf(`filename*0="a%20"; filename*1="b.txt"`)).toBe("a%20b.txt");
    expect(nameOf(`filename="=?utf-8?Q?=E2=82=AC?=.txt"`)).toBe("€.txt");
    expect(partOf(`Content-Type: image/png; name="x.png"`).fileName).toBe("x.png");
    expect(partOf(`Content-Type: image/png name="x;y.png"`)).toMatchObject({
      type: "image/png",
      fileName: "x;y.png",
    });
  });

  test("keeps every offset inside the message and every part inside its parent", () => {
    const line = fc.constantFrom(
      "Content-Type: multipart/mixed; boundary=a",
      "Content-Type: multipart/alternative; boundary=b",
      "Content-Type: message/rfc822",
      "Subject: x",
      " folded",
      "--a",
      "--a--",
      "--b",
      "--b--",
      "",
      "",
      "text",
      "\r",
      ":",
    );
    const check = (part: Part, start: number, end: number): void => {
      expect(part.start).toBeGreaterThanOrEqual(start);
      expect(part.bodyStart).toBeGreaterThanOrEqual(part.start);
      expect(part.bodyEnd).toBeGreaterThanOrEqual(part.bodyStart);
      expect(part.bodyEnd).toBeLessThanOrEqual(end);
      for (const field of part.fields) {
        expect(field.start).toBeGreaterThanOrEqual(part.start);
        expect(field.valueStart).toBeGreaterThan(field.start);
        expect(field.end).toBeGreaterThanOrEqual(field.valueStart);
        expect(field.end).toBeLessThanOrEqual(part.bodyStart);
      }
      let previous = part.bodyStart;
      for (const child of part.children) {
        check(child, previous, part.bodyEnd);
        previous = child.bodyEnd;
      }
    };
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), fc.constantFrom("\r\n", "\n"), (lines, lineEnding) => {
        const raw = Buffer.from(lines.join(lineEnding));
        const root = scanStructure(raw);
        check(root, 0, raw.length);
        expect(new Set(idsOf(root)).size).toBe(idsOf(root).length);
      }),
      { numRuns: 2000 },
    );
  });

  test("opens a hundred levels and ten thousand parts, and leaves the rest closed", () => {
    const deep = Array.from(
      { length: 300 },
      (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
    );
    expect(idsOf(scanStructure(Buffer.from(deep.join("")))).length).toBe(100);
    const wide = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${"--b\r\n\r\n".repeat(20_000)}`;
    expect(scanStructure(Buffer.from(wide)).children).toHaveLength(9999);
  });
});

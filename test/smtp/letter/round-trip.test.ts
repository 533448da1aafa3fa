import { createHash } from "node:crypto";
import * as fc from "fast-check";
import MailComposer from "nodemailer/lib/mail-composer";
import { expect, test } from "vitest";
import { partOf } from "../../../servers/smtp/letter/attachment.ts";
import { readLetter } from "../../../servers/smtp/letter/read-letter.ts";
import { summarize } from "../../../servers/smtp/letter/summarize.ts";

const name = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
  .map((text) => text.normalize("NFC").trim())
  .filter((text) => text !== "");
const encoding = fc.constantFrom("base64", "quoted-printable", "8bit", "binary");
const content = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  // What encodings are about: line endings, white space before them, dots, equals signs, dashes.
  fc
    .array(fc.constantFrom("\r\n", "\n", "\r", " ", "\t", "=", "=3D", ".", "--", "\0", "é", "word"), {
      maxLength: 80,
    })
    .map((pieces) => Buffer.from(pieces.join(""))),
);
const attachment = fc.record({ name, encoding, content });

test("attachments of nodemailer come out with the bytes and the names that went in", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(attachment, { minLength: 1, maxLength: 4 }),
      fc.constantFrom("text", "html", "both"),
      async (attachments, kind) => {
        const raw = await new MailComposer({
          from: "ann@example.com",
          to: "bob@example.com",
          subject: attachments[0]!.name,
          ...(kind === "html" ? {} : { text: "Hello" }),
          ...(kind === "text" ? {} : { html: "<p>Hello</p>" }),
          attachments: attachments.map(({ name, encoding, content }) => ({
            filename: name,
            content: Buffer.from(content),
            contentType: "application/octet-stream",
            contentTransferEncoding: encoding,
          })),
        })
          .compile()
          .build();

        const letter = await readLetter(raw);

        expect(letter.attachments.map(({ name, sha256 }) => ({ name, sha256 }))).toEqual(
          attachments.map(({ name, content }) => ({
            name,
            sha256: createHash("sha256").update(content).digest("hex"),
          })),
        );
        expect(letter.text).toBe("Hello");
        expect(letter.html).toBe(kind === "text" ? "" : "<p>Hello</p>");
        expect(letter.subject).toBe(attachments[0]!.name);
        expect(summarize(raw)).toMatchObject({ attachments: attachments.length, inline: 0 });
        for (const one of letter.attachments) expect(partOf(raw, one.partId)).toEqual(one);
      },
    ),
    { numRuns: 300 },
  );
});

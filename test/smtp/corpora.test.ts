import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readMail, startSmtp } from "../../servers/smtp/index.ts";
import { RawClient } from "./raw-client.ts";

/** Mails that other projects test with, where Debian puts them: broken headers, wrong charsets, no end of lines. */
const corpora = {
  "Python (libpython3.11-testsuite)": "/usr/lib/python3.11/test/test_email/data",
  "enmime (golang-github-jhillyerd-enmime-dev)": "/usr/share/gocode/src/github.com/jhillyerd/enmime/testdata",
};

describe.for(Object.entries(corpora))("mails of %s", ([, folder]) => {
  const paths = filesIn(folder);

  test.skipIf(paths.length === 0 && !process.env["CI"])(
    "are kept byte for byte, by DATA and by BDAT, and read without an error",
    async () => {
      expect(paths.length).toBeGreaterThan(40);
      await using smtp = await startSmtp();
      using client = await RawClient.connect(smtp);
      await client.say("EHLO client.test");
      const sent: Buffer[] = [];
      for (const [n, path] of paths.entries()) {
        const file = readFileSync(path);
        expect(await client.bdat("ann@x.test", "bob@x.test", file, 700 + ((n * 977) % 5_000)), path).toMatch(
          /^250 /,
        );
        // DATA can say what ends with CRLF, and only that.
        const isWhole = file.length === 0 || file.subarray(-2).toString() === "\r\n";
        const text = isWhole ? file : Buffer.concat([file, Buffer.from("\r\n")]);
        expect(await client.data("ann@x.test", "bob@x.test", text), path).toMatch(/^250 /);
        sent.push(file, text);
      }
      const stored = await smtp.mailbox.list();
      expect(stored).toHaveLength(sent.length);
      for (const [n, mail] of stored.entries()) {
        const path = paths[Math.floor(n / 2)]!;
        expect(sent[n]!.equals(mail.raw), path).toBe(true);
        const { subject, text, html, attachments } = await readMail(mail);
        expect([typeof subject, typeof text, typeof html], path).toEqual(["string", "string", "string"]);
        for (const { content, size } of attachments) expect(content.length, path).toBe(size);
      }
      // Nothing that a parser thinks of them keeps them from lists and searches.
      expect((await smtp.mailbox.search({}, { limit: 1_000 })).mails).toHaveLength(sent.length);
    },
  );
});

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readLetter } from "../../../servers/smtp/letter/read-letter.ts";
import { summarize } from "../../../servers/smtp/letter/summarize.ts";
import { needs, python, runTool } from "../../peers/tools.ts";

/** Mails that other projects test with, where Debian puts them. */
const corpora = {
  "Python (libpython3.11-testsuite)": "/usr/lib/python3.11/test/test_email/data",
  "enmime (golang-github-jhillyerd-enmime-dev)": "/usr/share/gocode/src/github.com/jhillyerd/enmime/testdata",
};

/** Files of which Python's email package reads something else, each with the reason why ours is no worse. */
const differences: Readonly<Record<string, string>> = {
  "msg_15.txt":
    "A multipart inside a multipart with the same boundary. Ours counts the closing delimiter for the inner one and " +
    "finds the picture that follows; Python takes it for the end of both and finds none.",
  "msg_39.txt":
    "Three multiparts with the boundary of the one around them. Ours finds all six patches, Python the first two.",
  "bad-header-wrap.raw":
    "The line after `Content-Type: …;` is not indented. Python ends the header there, so the file has no name and is " +
    "not decoded; ours reads it as the rest of the field.",
};

interface Reading {
  readonly subject: string;
  /** No digest for an attached message: Python has taken it apart. */
  readonly files: readonly { readonly name: string; readonly type: string; readonly sha256: string | null }[];
}

describe.for(Object.entries(corpora))("mails of %s", ([, folder]) => {
  const paths = mailsIn(folder);
  const isMissing = needs(python).skip || (paths.length === 0 && !process.env["CI"]);
  let expected: Record<string, Reading> = {};

  beforeAll(async () => {
    if (isMissing) return;
    const script = join(import.meta.dirname, "read_with_email.py");
    const { stdout } = await runTool(python, [script], { input: paths.join("\n") });
    expected = JSON.parse(stdout) as Record<string, Reading>;
  });

  test.skipIf(isMissing)("are there", () => {
    expect(paths.length).toBeGreaterThan(40);
  });

  test.skipIf(isMissing)(
    "have the subject, the files, their names and bytes that Python's email reads",
    async () => {
      for (const path of paths) {
        const { subject, files } = expected[path]!;
        const ours = await readingOf(readFileSync(path));
        const theirs = {
          subject,
          files: files.map((file, index) => ({
            ...file,
            // An attached message is named after its subject, which Python does not do.
            name: file.name === "" && file.type === "message/rfc822" ? ours.files[index]?.name : file.name,
            sha256: file.sha256 ?? ours.files[index]?.sha256,
          })),
        };
        if (basename(path) in differences) expect(ours, path).not.toEqual(theirs);
        else expect(ours, path).toEqual(theirs);
      }
    },
  );

  test.skipIf(isMissing)("are summarized as they are read", async () => {
    for (const path of paths) {
      const raw = readFileSync(path);
      const letter = await readLetter(raw);
      const summary = summarize(raw);
      expect(summary.text.trimEnd(), path).toBe(letter.text);
      expect(summary, path).toMatchObject({
        subject: letter.subject,
        from: letter.from,
        to: letter.to,
        cc: letter.cc,
        replyTo: letter.replyTo,
        messageId: letter.messageId,
        attachments: letter.attachments.length,
        inline: letter.inline.length,
      });
    }
  });
});

function mailsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:txt|raw|golden)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function readingOf(raw: Uint8Array): Promise<Reading> {
  const { subject, attachments, inline } = await readLetter(raw);
  const files = [...attachments, ...inline].sort((one, other) =>
    one.partId.localeCompare(other.partId, undefined, { numeric: true }),
  );
  return { subject, files: files.map(({ name, type, sha256 }) => ({ name, type, sha256 })) };
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { incoming, sessionRecord } from "./mails.ts";
import { knownMail, knownTerm, rawOf } from "./known-mails.ts";
import type { KnownMail } from "./known-mails.ts";
import type { ContractOptions, OpenMailbox } from "./mailbox.ts";

/**
 * What every mailbox finds: the same as a look at every mail.
 * @param name of the mailbox, as the tests shall say it
 * @param open gives a new and empty one
 */
export function mailboxSearchContract(
  name: string,
  open: (options?: ContractOptions) => OpenMailbox | Promise<OpenMailbox>,
): void {
  describe(`${name} keeps the contract of a search:`, () => {
    test("it finds what a look at every mail finds, pages and counts included", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(knownMail, { maxLength: 12 }),
          fc.array(fc.array(knownTerm, { maxLength: 3 }), { minLength: 1, maxLength: 12 }),
          fc.nat(3),
          fc.nat(4),
          fc.option(fc.nat(12), { nil: undefined }),
          async (mails, queries, start, limit, afterSequence) => {
            let now = 0;
            await using mailbox = await open({ now: () => now });
            const known: {
              readonly id: string;
              readonly mail: KnownMail;
              readonly size: number;
              readonly sequence: number;
            }[] = [];
            for (const mail of mails) {
              now = mail.receivedAtMs;
              const raw = Buffer.from(rawOf(mail));
              const rcptTo = mail.bcc.map(({ address }) => ({ address, parameters: {} }));
              const envelope = { mailFrom: "", parameters: {}, rcptTo };
              const { id, sequence } = await mailbox.add(
                incoming(raw, { envelope, session: sessionRecord, tags: mail.tags }),
              );
              known.unshift({ id, mail, size: raw.length, sequence });
            }
            const idsWhere = (holds: (mail: KnownMail) => boolean) =>
              known.filter(({ mail }) => holds(mail)).map(({ id }) => id);
            await mailbox.mark(
              idsWhere((mail) => mail.isRead),
              { isRead: true },
            );
            await mailbox.remove(idsWhere((mail) => mail.isRemoved));

            for (const terms of queries) {
              const query = terms.map(({ written }) => written).join(" ");
              const expected = known.filter(
                ({ mail, size, sequence }) =>
                  !mail.isRemoved &&
                  sequence > (afterSequence ?? 0) &&
                  terms.every(({ holds }) => holds(mail, size)),
              );
              const mailQuery = afterSequence === undefined ? { query } : { query, afterSequence };
              const found = await mailbox.search(mailQuery, { limit: 100 });
              expect({ query, ids: found.mails.map(({ id }) => id) }).toEqual({
                query,
                ids: expected.map(({ id }) => id),
              });
              const page = await mailbox.search(mailQuery, { start, limit });
              expect(page).toEqual({
                mails: found.mails.slice(start, start + limit),
                matches: expected.length,
                unreadMatches: expected.filter(({ mail }) => !mail.isRead).length,
              });
            }
          },
        ),
        { numRuns: 150 },
      );
    });

    test("a word finds the words that begin with it, a phrase words side by side in one place", async () => {
      await using mailbox = await open();
      const raw = `From: Ann <ann@example.com>\nSubject: Verify now\n\nYour code is 493-817, Zoë. 東京都に住む\n`;
      await mailbox.add(incoming(raw));
      const found = [
        "verif",
        "VERIFY",
        '"code is"',
        "493",
        "zoe",
        "ann@exam",
        '"ann example"',
        "京都",
        '"住む"',
        "!!!",
      ];
      const missing = ["erify", '"is code"', '"now your"', "v", "都京", "4938", "nothing"];
      for (const query of found)
        expect([query, (await mailbox.search({ query })).matches]).toEqual([query, 1]);
      for (const query of missing)
        expect([query, (await mailbox.search({ query })).matches]).toEqual([query, 0]);
      for (const query of missing) {
        expect([query, (await mailbox.search({ query: `-${query}` })).matches]).toEqual([query, 1]);
      }
    });

    test("has: tells a file from a part that the HTML shows", async () => {
      await using mailbox = await open();
      const part = (...headers: string[]) => ["--b", ...headers, "", "bytes"].join("\n");
      const multipart = (...parts: string[]) =>
        ["Content-Type: multipart/related; boundary=b", "", ...parts, "--b--"].join("\n");
      const html = '--b\nContent-Type: text/html\n\n<img src="cid:logo">';
      const image = part("Content-Type: image/png", "Content-ID: <logo>", "Content-Disposition: inline");
      const file = part("Content-Type: application/pdf", "Content-Disposition: attachment; filename=f.pdf");
      for (const parts of [[html], [html, image], [html, file], [html, image, file]]) {
        await mailbox.add(incoming(multipart(...parts)));
      }
      const found = async (query: string) =>
        (await mailbox.search({ query })).mails.map((mail) => mail.sequence);
      expect(await found("has:inline")).toEqual([4, 2]);
      expect(await found("has:attachment")).toEqual([4, 3]);
      expect(await found("-has:inline -has:attachments")).toEqual([1]);
    });

    test("what means something to SQLite's own query language is only text", async () => {
      await using mailbox = await open();
      await mailbox.add(incoming("Subject: alpha AND beta\n\ngamma*"));
      for (const query of [
        "AND",
        "alpha OR",
        "NEAR(alpha",
        "subject",
        "text:gamma",
        "alpha*",
        "^alpha",
        "'",
        "a\0",
        "{",
      ]) {
        expect(await mailbox.search({ query })).toBeTypeOf("object");
      }
      expect((await mailbox.search({ query: "alpha NOT beta" })).matches).toBe(0);
      expect((await mailbox.search({ query: "{subject}" })).matches).toBe(0);
      expect((await mailbox.search({ query: "alpha AND" })).matches).toBe(1);
    });
  });
}

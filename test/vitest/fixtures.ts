import { test as base } from "vitest";
import { type Inbox, type SmtpServer, startSmtp } from "../../servers/smtp/index.ts";

/** What a test may name as its argument; only what it names is started. */
export interface MailFixtures {
  /** A mail server of the test's own, closed when the test is over. */
  readonly smtp: SmtpServer;
  /** An inbox on it. */
  readonly inbox: Inbox;
}

/**
 * vitest's `test` with a mail server and an inbox at hand.
 * @example
 * test("greets", async ({ smtp, inbox }) => {
 *   await sendMail({ server: smtp.url, to: inbox.address, subject: "Welcome" });
 *   await expect(inbox).toHaveReceivedMail({ subject: /welcome/i });
 * });
 */
export const test = base.extend<MailFixtures>({
  // vitest reads the names of the fixtures that are needed out of the pattern, so it must be there when it is empty.
  // oxlint-disable-next-line no-empty-pattern
  smtp: async ({}, use) => {
    await using smtp = await startSmtp();
    await use(smtp);
  },
  inbox: async ({ smtp }, use) => use(smtp.inbox()),
});

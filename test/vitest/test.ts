import { test as base, type TestAPI } from "vitest";
import { type FileFixtures, fileFixtures } from "./file-fixtures.ts";
import { type MailFixtures, mailFixtures } from "./mail-fixtures.ts";

/** What a test may name in its first argument; only what it names is started. */
export type PortsideFixtures = MailFixtures & FileFixtures;

/**
 * vitest's `test` with servers at hand that are closed by themselves.
 * @example
 * test("greets", async ({ smtp, inbox }) => {
 *   await sendMail({ server: smtp.url, to: inbox.address, subject: "Welcome" });
 *   await expect(inbox).toHaveReceivedMail({ subject: /welcome/i });
 * });
 */
export const test: TestAPI<PortsideFixtures> = base
  .extend<MailFixtures>(mailFixtures)
  .extend<FileFixtures>(fileFixtures);

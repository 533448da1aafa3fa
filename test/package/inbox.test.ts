import { sendMail } from "portside";
import { expect, test } from "portside/vitest";

/* The published fixtures and matchers, as a reader's test uses them; scripts/check-package.ts runs it from outside too. */

test("an inbox of the test's own receives what is sent to it", async ({ smtp, inbox }) => {
  await sendMail({ server: smtp.url, to: inbox.address, subject: "Welcome", text: "Hi" });
  await expect(inbox).toHaveReceivedMail({ subject: /welcome/i });
  await expect(smtp).toHaveReceivedMail({ to: inbox.address });
  await expect(inbox).not.toHaveReceivedMail({ subject: "Goodbye" }, { withinMs: 50 });
  await expect(smtp.inbox()).not.toHaveReceivedMail({}, { withinMs: 50 });
});

test("a mail that does not come fails with what came", async ({ smtp, inbox }) => {
  await sendMail({ server: smtp.url, to: inbox.address, subject: "Welcome" });
  const failing = expect(inbox).toHaveReceivedMail({ subject: "Goodbye" }, { timeoutMs: 100 });
  await expect(failing).rejects.toThrow(/"Welcome" from .*: subject is "Welcome", expected "Goodbye"/);
});

test("a mail that should not come fails with what it is", async ({ smtp, inbox }) => {
  await sendMail({ server: smtp.url, to: inbox.address, subject: "Welcome" });
  await expect(expect(inbox).not.toHaveReceivedMail()).rejects.toThrow(/UNEXPECTED_ARRIVAL .*"Welcome"/);
});

test("only an inbox or a server can be asked", async () => {
  await expect(expect("ann@example.com").toHaveReceivedMail()).rejects.toThrow(TypeError);
});

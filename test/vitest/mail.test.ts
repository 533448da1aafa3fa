import { describe } from "vitest";
import { expect, test } from "portside/vitest";
import { sendMail } from "../../clients/smtp/index.ts";
import type { SmtpServer } from "../../servers/smtp/index.ts";

const from = "app@example.com";
let first: SmtpServer | undefined;

test("a test gets a server and an inbox of its own", async ({ smtp, inbox }) => {
  first = smtp;
  await sendMail({ server: smtp.url, from, to: inbox.address, subject: "Welcome, Ann", text: "Code 123456" });
  await expect(inbox).toHaveReceivedMail({ subject: /welcome/i });
  await expect(smtp).toHaveReceivedMail({ to: inbox.address, from });
});

test("the next test gets others, and the server of the first is closed", async ({ smtp, inbox }) => {
  expect(smtp).not.toBe(first);
  expect([await smtp.mails(), await inbox.mails()]).toEqual([[], []]);
  await expect(sendMail({ server: first!.url, from, to: "bob@example.com" })).rejects.toThrow(
    /CONNECT_FAILED/,
  );
});

describe.concurrent("tests at the same time", () => {
  for (const name of ["a", "b", "c"]) {
    test(`do not see each other's mail: ${name}`, async ({ inbox, expect }) => {
      for (let n = 0; n < 5; n++) await sendMail({ server: inbox.url, from, to: "x@y.test", subject: name });
      await expect(inbox).toHaveReceivedMail({ subject: name }, { count: 5 });
      expect((await inbox.mails()).map(({ subject }) => subject)).toEqual(Array(5).fill(name));
    });
  }
});

describe("toHaveReceivedMail()", () => {
  test("waits for a mail that is yet to come", async ({ inbox }) => {
    const seen = expect(inbox).toHaveReceivedMail({ subject: "late" });
    await sendMail({ server: inbox.url, from, to: inbox.address, subject: "late" });
    await seen;
  });

  test("fails with the near misses and why each does not fit", async ({ inbox }) => {
    await sendMail({ server: inbox.url, from, to: inbox.address, subject: "Your invoice", text: "42 €" });
    const failing = expect(inbox).toHaveReceivedMail(
      { subject: /welcome/i, hasAttachment: true },
      { timeoutMs: 50 },
    );
    await expect(failing).rejects.toThrow(
      /waited 50 ms in \S+ for a mail with subject \/welcome\/i and hasAttachment true; .*do not fit:\n.*"Your invoice" from app@example.com: subject is "Your invoice", expected \/welcome\/i; it has 0 attachments/s,
    );
  });

  test("counts", async ({ inbox }) => {
    await sendMail({ server: inbox.url, from, to: inbox.address, subject: "one" });
    const failing = expect(inbox).toHaveReceivedMail({}, { count: 2, timeoutMs: 50 });
    await expect(failing).rejects.toThrow(/2 times any mail \(there were 1\)/);
  });

  test(".not makes sure that nothing comes, and fails with what came", async ({ inbox }) => {
    await expect(inbox).not.toHaveReceivedMail({}, { withinMs: 20 });
    await sendMail({ server: inbox.url, from, to: inbox.address, subject: "surprise" });
    await expect(inbox).not.toHaveReceivedMail({ subject: "other" }, { withinMs: 20 });
    const failing = expect(inbox).not.toHaveReceivedMail({ subject: "surprise" });
    await expect(failing).rejects.toThrow(
      /expected not to get a mail with subject "surprise"; got "surprise"/,
    );
  });

  test("says what it can be asked of", async () => {
    await expect(expect(42).toHaveReceivedMail()).rejects.toThrow(TypeError);
  });

  test("a broken search is the error it is, and no missing mail", async () => {
    const watcher = {
      waitForMail: () => Promise.reject(new Error("the disk is full")),
      expectNoMail: () => Promise.reject(new Error("the disk is full")),
    };
    await expect(expect(watcher).toHaveReceivedMail()).rejects.toThrow("the disk is full");
    await expect(expect(watcher).not.toHaveReceivedMail()).rejects.toThrow("the disk is full");
  });
});

describe("smtpOptions", () => {
  const elsewhere = test.extend({ smtpOptions: { hostname: "elsewhere.test" } });
  elsewhere("are given by extending the test", ({ inbox }) => {
    expect(inbox.address).toMatch(/@elsewhere\.test$/);
  });

  describe("or for a group of tests", () => {
    test.override({ smtpOptions: { hostname: "group.test" } });
    test("by overriding them", ({ inbox }) => {
      expect(inbox.address).toMatch(/@group\.test$/);
    });
  });

  test("which does not reach the tests around it", ({ inbox }) => {
    expect(inbox.address).toMatch(/@mail\.test$/);
  });
});

const withApp = test.extend<{ app: { signUp(address: string): Promise<void> } }>({
  app: async ({ smtp }, use) => {
    await use({
      signUp: async (address) =>
        void (await sendMail({ server: smtp.url, from, to: address, subject: "Hi" })),
    });
  },
});

withApp("a project's own fixtures stand beside", async ({ app, inbox }) => {
  await app.signUp(inbox.address);
  await expect(inbox).toHaveReceivedMail({ subject: "Hi" });
});

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { tryExchange } from "../../../clients/exchange/index.ts";
import { serveExchange } from "../../../servers/exchange/index.ts";
import { refuse, type SmtpOptions, startSmtp } from "../../../servers/smtp/index.ts";
import { textReport } from "../../../wire/exchange/reports/text.ts";
import { needs, runTool, scratch } from "../../peers/tools.ts";

const folder = fileURLToPath(new URL("../../exchanges/smtp/", import.meta.url));

/** A behaviour that widely used clients rely on, by the name of its script. */
interface Behaviour {
  /** What our mail server has to be told to show it; nothing when it is about a wrong server only. */
  readonly server?: SmtpOptions;
  /** What curl has to be told to behave so. */
  readonly curl?: readonly string[];
  /** What curl sends. */
  readonly mail?: string;
  /** curl's exit code. @default 0 */
  readonly code?: number;
}

const login = ["-u", "user:secret"];
const users = { user: "secret" };
const body = "From: sender@example.com\r\nSubject: hello\r\n\r\nbody\r\n";
const from = ["--mail-from", "sender@example.com"];
const to = ["--mail-rcpt", "recipient@example.com"];
const more = ["one", "two", "three", "four"].flatMap((name) => ["--mail-rcpt", `${name}@example.com`]);

const behaviours: Readonly<Record<string, Behaviour>> = {
  "01-plain-mail": {
    server: {},
    curl: [...from, ...to],
    mail: `Subject: long\r\n\r\n${"0123456789".repeat(6500)}\r\n`,
  },
  "02-dots": {
    server: {},
    curl: [...from, ...to],
    mail: "Subject: dots\r\n\r\n.\r\n.one dot\r\n...three dots\r\nno . dot\r\n.\r\n",
  },
  "03-helo-after-500": {
    server: { rules: [{ on: "EHLO", fault: "reply", code: 500 }] },
    curl: [...from, ...to],
    mail: body,
  },
  "04-auth-plain-by-challenge": { server: { users }, curl: [...from, ...to, ...login], mail: body },
  "05-cram-md5": { server: { users }, curl: [...from, ...to, ...login], mail: body },
  "06-no-size-offered": { server: {}, curl: [...from, ...to], mail: body },
  "07-size-without-limit": { server: {}, curl: [...from, ...to], mail: body },
  "08-sender-refused": {
    server: { onMailFrom: () => refuse(501, "no") },
    curl: [...from, ...to],
    mail: body,
    code: 55,
  },
  "09-recipient-refused": {
    server: { onRcptTo: () => refuse(550, "no") },
    curl: [...from, ...to],
    mail: body,
    code: 55,
  },
  "10-five-recipients": { server: {}, curl: [...from, ...to, ...more], mail: body },
  "11-auth-plain-at-once": { server: { users }, curl: [...from, ...to, ...login, "--sasl-ir"], mail: body },
  "12-vrfy": {
    server: { onVrfy: () => ({ code: 250, text: "<recipient@example.com>" }) },
    curl: ["--mail-rcpt", "recipient"],
  },
  "13-expn": {
    server: {
      onExpn: () => ({ code: 250, text: ["one", "User Two <user2@example.com>", "three"] }),
    },
    curl: ["-X", "EXPN", "--mail-rcpt", "friends"],
  },
  "14-help": { server: {}, curl: [] },
  "15-auth-cancelled": { server: { users }, curl: [...from, ...to, ...login], mail: body, code: 67 },
  "16-auth-second-try": { server: { users }, curl: [...from, ...to, ...login], mail: body },
  "17-empty-initial-response": {
    server: { users },
    curl: [...from, ...to, "-u", ":secret", "--sasl-ir"],
    mail: body,
    code: 67,
  },
  "18-first-line-dot": { server: {}, curl: [...from, ...to], mail: ".first\r\n" },
  "19-eight-bit-sender": {
    server: {},
    curl: ["--mail-from", "Användare@example.com", ...to],
    mail: body,
    code: 55,
  },
  "20-smtputf8": { server: {}, curl: ["--mail-from", "Användare@example.com", ...to], mail: body },
  "21-commands-before-tls": { server: {} },
  "21-replies-before-tls": { curl: [...from, ...to, "--ssl-reqd", "-k"], mail: body, code: 8 },
  "22-implicit-tls": { server: { smtpsPort: 0 }, curl: [...from, ...to, "-k"], mail: body },
  "23-large-mail": {
    server: {},
    curl: [...from, ...to],
    mail: `Subject: large\r\n\r\n${`${"this is what the mail is made of, ".repeat(2)}\r\n`.repeat(1500)}`,
  },
  "24-first-recipient-refused": {
    server: {
      onRcptTo: ({ address }) => (address.startsWith("nobody") ? refuse(550, "no such user") : undefined),
    },
    curl: [...from, "--mail-rcpt", "nobody@example.com", ...more, "--mail-rcpt-allowfails"],
    mail: body,
  },
  "25-dsn": { server: {} },
};

test("every script is in the table", () => {
  const scripts = readdirSync(folder).map((name) => name.replace(".exchange", ""));
  expect(scripts.sort()).toEqual(Object.keys(behaviours).sort());
});

describe.each(Object.entries(behaviours))("%s", (name, { server, curl, mail, code = 0 }) => {
  const path = `${folder}${name}.exchange`;

  test.skipIf(server === undefined)("is how Portside behaves", async () => {
    await using smtp = await startSmtp(server);
    const target = smtp.smtpsUrl ?? smtp.url;
    const outcome = await tryExchange(path, { target, timeoutMs: 3000 });
    expect(outcome.failure && textReport(outcome)).toBeUndefined();
  });

  test("is what curl does", { skip: curl === undefined || needs("curl").skip }, async () => {
    using files = scratch();
    await using served = await serveExchange(path, { timeoutMs: 3000 });
    const upload = mail === undefined ? [] : ["-T", files.file("mail.eml", mail)];
    const args = ["-sS", "--max-time", "10", `${served.url}/client.test`, ...(curl ?? []), ...upload];
    const run = await runTool("curl", args, { codes: "any" });
    const report = await served.done.then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect(report).toBeUndefined();
    expect(run.code).toBe(code);
  });
});

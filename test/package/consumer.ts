import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { sendMail, startSmtp, WireError } from "portside";
import { sendMails, type SentMail } from "portside/clients/smtp";
import { startDashboard } from "portside/servers/dashboard";
import { type Mail, type SmtpServer, startSmtp as startSmtpItself } from "portside/servers/smtp";

/*
 * A project that uses the published package as its readers do: in the process, and by the command. It is compiled
 * and run by scripts/check-package.ts with every version of Node that the package is for.
 */
assert.equal(startSmtp, startSmtpItself);

{
  await using smtp: SmtpServer = await startSmtp();
  const inbox = smtp.inbox();
  const sent: SentMail = await sendMail({
    server: smtp.url,
    to: inbox.address,
    subject: "Welcome",
    text: "Hi",
  });
  assert.deepEqual(sent.accepted, [inbox.address]);
  const mail: Mail = await inbox.waitForMail({ subject: /welcome/i });
  assert.equal(mail.text?.trim(), "Hi");

  await using dashboard = await startDashboard({ mail: smtp });
  const page = await fetch(`${dashboard.url}/`);
  assert.match(await page.text(), /<html/);
  const modules = ["preact", "htm", "@preact/signals"].map((name) => `${dashboard.url}/packages/${name}.js`);
  for (const url of modules) assert.equal((await fetch(url)).status, 200, url);
}

await assert.rejects(sendMail({ server: "smtp://127.0.0.1:1", to: "ann@example.com" }), WireError);

const command = process.argv[2];
assert.ok(command, "the path of the portside command is the first argument");
const child = spawn(process.execPath, [command, "smtp", "--smtp", ":0", "--listen", ":0", "--json"], {
  stdio: ["ignore", "pipe", "inherit"],
});
const [line] = (await once(createInterface(child.stdout), "line")) as [string];
const ready = JSON.parse(line) as { readonly smtp: string; readonly inbox: string };
const { sent } = await sendMails({ server: ready.smtp, to: "ann@example.com", count: 3, concurrency: 2 });
assert.equal(sent.length, 3);
const answer = await fetch(`${ready.inbox}/api/v1/messages`);
assert.equal(((await answer.json()) as { total: number }).total, 3);
child.kill("SIGTERM");
assert.deepEqual(await once(child, "exit"), [0, null]);

process.stdout.write("the consumer works\n");

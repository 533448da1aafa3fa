import { expect, test } from "vitest";
import { startDashboard } from "../../servers/dashboard/index.ts";
import { startSmtp } from "../../servers/smtp/index.ts";
import { needs, runTool, scratch } from "../peers/tools.ts";

test("/ca.pem is what a client in another process trusts the mail server by", needs("curl"), async () => {
  await using smtp = await startSmtp();
  await using dashboard = await startDashboard({ mail: smtp });
  using folder = scratch();
  const ca = folder.file("ca.pem", await (await fetch(`${dashboard.url}/ca.pem`)).text());
  const letter = folder.file("letter", "Subject: safe\r\n\r\n");
  const send = [
    "-sS",
    "--ssl-reqd",
    smtp.url.replace("127.0.0.1", "localhost"),
    "--mail-from",
    "a@b.test",
    "--mail-rcpt",
    "c@d.test",
    "-T",
    letter,
  ];
  await runTool("curl", [...send, "--cacert", ca]);
  expect((await smtp.waitForMail({ subject: "safe" })).session.tls?.version).toBe("TLSv1.3");
  // 60: the certificate cannot be verified.
  expect((await runTool("curl", send, { codes: [60] })).code).toBe(60);
});

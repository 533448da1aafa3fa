import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { refuse, startSmtp, type SmtpServer } from "../../../servers/smtp/index.ts";
import { needs, runTool, scratch, type ToolOptions, type ToolRun } from "../../peers/tools.ts";

const envelope = ["--from", "ann@example.com", "--to", "bob@example.com", "--helo", "client.test"];

async function swaks(
  smtp: SmtpServer,
  args: readonly string[],
  codes: ToolOptions["codes"] = [0],
): Promise<ToolRun> {
  const door = smtp.url.startsWith("smtp+unix:")
    ? ["--socket", smtp.url.slice("smtp+unix://".length)]
    : ["--server", smtp.host, "--port", String(smtp.port)];
  return await runTool("swaks", [...door, ...envelope, ...args], { codes });
}

describe("swaks", needs("swaks"), () => {
  test("sends its test mail", async () => {
    await using smtp = await startSmtp();
    await swaks(smtp, ["--header", "Subject: swaks", "--body", "first\n.second\n"]);
    const mail = await smtp.waitForMail({
      subject: "swaks",
      text: ".second",
      header: { "X-Mailer": /swaks/ },
    });
    expect(mail.session).toMatchObject({ protocol: "ESMTP", clientName: "client.test", flags: [] });
  });

  const users = { ann: "secret" };
  test.for(["PLAIN", "LOGIN", "CRAM-MD5"])(
    "logs in with %s, and is refused with a wrong password",
    async (mechanism) => {
      await using smtp = await startSmtp({ users, requireAuth: true });
      await swaks(smtp, ["--auth", mechanism, "--auth-user", "ann", "--auth-password", "secret"]);
      expect((await smtp.waitForMail()).session.auth).toEqual({ mechanism, user: "ann" });
      // 28: swaks's code for a failed AUTH.
      const wrong = await swaks(
        smtp,
        ["--auth", mechanism, "--auth-user", "ann", "--auth-password", "x"],
        [28],
      );
      expect(wrong.stdout).toMatch(/^<\*\* 535 /m);
      expect(await smtp.mails()).toHaveLength(1);
    },
  );

  test("AUTH anything picks a mechanism that works; without it MAIL is 530", async () => {
    await using smtp = await startSmtp({ requireAuth: true });
    // 23: MAIL was refused.
    expect((await swaks(smtp, [], [23])).stdout).toMatch(/^<\*\* 530 /m);
    await swaks(smtp, ["--auth-user", "ann", "--auth-password", "any"]);
    expect((await smtp.waitForMail()).session.auth?.user).toBe("ann");
  });

  test("--tls upgrades, --tls-on-connect begins with TLS, and the certificate is verified", async () => {
    using folder = scratch();
    await using smtp = await startSmtp({ smtpsPort: 0 });
    const verified = [
      "--tls-verify",
      "--tls-ca-path",
      folder.file("ca.pem", smtp.ca),
      "--tls-sni",
      "localhost",
    ];
    await swaks(smtp, ["--tls", ...verified]);
    const port = new URL(smtp.smtpsUrl!).port;
    await swaks(smtp, ["--tls-on-connect", "--port", port, ...verified]);
    const mails = await smtp.mails();
    expect(mails.map(({ session }) => session.tls?.serverName)).toEqual(["localhost", "localhost"]);
    expect(mails.map(({ session }) => session.protocol)).toEqual(["ESMTPS", "ESMTPS"]);
  });

  test("AUTH inside TLS where TLS is required", async () => {
    await using smtp = await startSmtp({ requireTls: true, requireAuth: true, users });
    await swaks(smtp, ["--tls", "--auth", "PLAIN", "--auth-user", "ann", "--auth-password", "secret"]);
    expect((await smtp.waitForMail()).session.protocol).toBe("ESMTPSA");
  });

  test("--pipeline gets every reply in order", async () => {
    await using smtp = await startSmtp({
      onRcptTo: ({ address }) => (address.startsWith("no") ? refuse(550, "no such user") : undefined),
    });
    await swaks(smtp, ["--pipeline", "--to", "a@x.test,no@x.test,b@x.test"]);
    const { envelope } = await smtp.waitForMail();
    expect(envelope.rcptTo.map(({ address }) => address)).toEqual(["a@x.test", "b@x.test"]);
  });

  test("--prdr and unknown extensions are not needed; --protocol LMTP has a reply for each recipient", async () => {
    await using smtp = await startSmtp();
    const { stdout } = await swaks(smtp, ["--protocol", "LMTP", "--to", "a@x.test,b@x.test"]);
    expect(stdout.match(/^<- {2}250 .*queued/gm)).toHaveLength(2);
    expect((await smtp.waitForMail()).session.protocol).toBe("LMTP");
  });

  test.for(["SMTP", "SSMTP", "SSMTPA", "ESMTP", "ESMTPA", "ESMTPS", "ESMTPSA", "LMTPS", "LMTPSA"])(
    "--protocol %s",
    async (protocol) => {
      await using smtp = await startSmtp({ smtpsPort: 0 });
      const isImplicit = protocol.startsWith("SSMTP");
      const port = isImplicit ? ["--port", new URL(smtp.smtpsUrl!).port] : [];
      const login = protocol.endsWith("A") ? ["--auth-user", "ann", "--auth-password", "secret"] : [];
      await swaks(smtp, ["--protocol", protocol, ...port, ...login]);
      const { session } = await smtp.waitForMail();
      // RFC 3848 has no name for HELO within TLS, nor for TLS from the first byte.
      expect(session.protocol).toBe(isImplicit ? protocol.replace("SSMTP", "ESMTPS") : protocol);
    },
  );

  test("a unix socket", async () => {
    using folder = scratch();
    await using smtp = await startSmtp({ path: join(folder.path, "mail.sock") });
    await swaks(smtp, ["--header", "Subject: by path"]);
    const { session, subject } = await smtp.waitForMail();
    expect({ subject, address: session.clientAddress }).toEqual({ subject: "by path", address: "" });
  });

  test("--dump-mail content with an attachment comes out byte for byte", async () => {
    await using smtp = await startSmtp();
    using folder = scratch();
    const content = Buffer.from(Array.from({ length: 40_000 }, (_, n) => (n * 13) % 256));
    await swaks(smtp, ["--attach", `@${folder.file("a.bin", content)}`]);
    const { attachments } = await smtp.waitForMail({ hasAttachment: "a.bin" });
    expect(content.equals(attachments[0]!.content)).toBe(true);
  });

  test("--quit-after and --drop-after leave nothing behind", async () => {
    await using smtp = await startSmtp();
    for (const step of ["CONNECT", "FIRST-HELO", "MAIL", "RCPT"]) {
      await swaks(smtp, ["--quit-after", step]);
      await swaks(smtp, ["--drop-after", step], "any");
    }
    await swaks(smtp, ["--drop-after", "DATA"], "any");
    expect(await smtp.mails()).toEqual([]);
    await swaks(smtp, []);
    expect(await smtp.mails()).toHaveLength(1);
  });
});

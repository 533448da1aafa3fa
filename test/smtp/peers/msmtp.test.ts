import { describe, expect, test } from "vitest";
import { startSmtp, type SmtpServer } from "../../../servers/smtp/index.ts";
import { needs, runTool, scratch, type ToolOptions, type ToolRun } from "../../peers/tools.ts";

const message = "From: ann@example.com\r\nSubject: msmtp\r\n\r\n.dot\r\nend\r\n";

async function msmtp(
  smtp: SmtpServer,
  args: readonly string[],
  codes: ToolOptions["codes"] = [0],
): Promise<ToolRun> {
  using folder = scratch();
  const ca = folder.file("ca.pem", smtp.ca);
  const port = args.includes("--tls-starttls=off") ? new URL(smtp.smtpsUrl!).port : String(smtp.port);
  const door = ["--file=/dev/null", "--host=localhost", `--port=${port}`, "--from=ann@example.com"];
  const given = args.map((argument) => argument.replace("{ca}", ca));
  return await runTool("msmtp", [...door, ...given, "bob@example.com"], { input: message, codes });
}

describe("msmtp", needs("msmtp"), () => {
  const trusting = ["--tls=on", "--tls-trust-file={ca}"];

  test("sends in clear", async () => {
    await using smtp = await startSmtp();
    await msmtp(smtp, ["--tls=off"]);
    const mail = await smtp.waitForMail();
    expect(mail.envelope).toMatchObject({
      mailFrom: "ann@example.com",
      rcptTo: [{ address: "bob@example.com" }],
    });
    expect(Buffer.from(mail.raw).toString()).toContain("\r\n\r\n.dot\r\nend\r\n");
  });

  test("verifies the certificate, with STARTTLS and from the first byte", async () => {
    await using smtp = await startSmtp({ smtpsPort: 0, requireTls: true });
    await msmtp(smtp, trusting);
    await msmtp(smtp, [...trusting, "--tls-starttls=off"]);
    const mails = await smtp.mails();
    expect(mails.map(({ session }) => session.tls?.version)).toEqual(["TLSv1.3", "TLSv1.3"]);
  });

  test("does not trust the certificate without being told", async () => {
    await using smtp = await startSmtp();
    // 76 is EX_PROTOCOL, 68 EX_NOHOST, 69 EX_UNAVAILABLE of sysexits.h.
    const { stderr } = await msmtp(smtp, ["--tls=on", "--tls-trust-file=system"], [68, 69, 76]);
    expect(stderr).toMatch(/certificate/i);
    expect(await smtp.mails()).toEqual([]);
  });

  test.for(["plain", "login", "cram-md5", "scram-sha-256"])("logs in with %s", async (mechanism) => {
    await using smtp = await startSmtp({ users: { ann: "secret" }, requireAuth: true });
    const login = [`--auth=${mechanism}`, "--user=ann"];
    await msmtp(smtp, [...trusting, ...login, "--passwordeval=echo secret"]);
    expect((await smtp.waitForMail()).session.auth).toEqual({
      mechanism: mechanism.toUpperCase(),
      user: "ann",
    });
    // 77 is EX_NOPERM.
    await msmtp(smtp, [...trusting, ...login, "--passwordeval=echo wrong"], [77]);
    expect(await smtp.mails()).toHaveLength(1);
  });

  test.for(["xoauth2", "oauthbearer"])("logs in with %s", async (mechanism) => {
    const tokens: unknown[] = [];
    await using smtp = await startSmtp({ onAuth: ({ password }) => void tokens.push(password) });
    await msmtp(smtp, [...trusting, `--auth=${mechanism}`, "--user=ann", "--passwordeval=echo token-1"]);
    expect(tokens).toEqual(["token-1"]);
    expect((await smtp.waitForMail()).session.auth).toEqual({
      mechanism: mechanism.toUpperCase(),
      user: "ann",
    });
  });

  test("asks for DSN and speaks LMTP", async () => {
    await using smtp = await startSmtp();
    await msmtp(smtp, ["--tls=off", "--protocol=lmtp", "--dsn-notify=failure,delay", "--dsn-return=headers"]);
    const { session, envelope } = await smtp.waitForMail();
    expect(session.protocol).toBe("LMTP");
    expect(envelope.parameters["RET"]).toBe("HDRS");
    expect(envelope.rcptTo[0]?.parameters).toEqual({ NOTIFY: "FAILURE,DELAY" });
  });

  test("--serverinfo lists what EHLO offers", async () => {
    await using smtp = await startSmtp();
    const { stdout } = await runTool("msmtp", [
      "--file=/dev/null",
      "--host=localhost",
      `--port=${smtp.port}`,
      "--serverinfo",
      "--tls=off",
    ]);
    for (const feature of ["SIZE", "PIPELINING", "STARTTLS", "DSN"]) expect(stdout).toContain(feature);
  });
});

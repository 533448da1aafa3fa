import { createTransport } from "nodemailer";
import { describe, expect, test } from "vitest";
import { startSmtp, type SmtpServer } from "../../../servers/smtp/index.ts";
import { needs, runTool, scratch, type ToolRun } from "../../peers/tools.ts";

const envelope = ["--mail-from", "ann@example.com", "--mail-rcpt", "bob@example.com"];
const message = "Subject: curl\r\nFrom: ann@example.com\r\n\r\n.a line with a dot\r\nand 8 bit: \xe9\r\n";

interface CurlOptions {
  readonly input?: string;
  readonly codes?: readonly number[] | "any";
}

/** @param args may name the file of the authority's certificate with `{ca}` */
async function curl(smtp: SmtpServer, args: readonly string[], options: CurlOptions = {}): Promise<ToolRun> {
  using folder = scratch();
  const ca = folder.file("ca.pem", smtp.ca);
  const given = args.map((argument) => argument.replace("{ca}", ca));
  const { input = message, codes } = options;
  const io = { input: Buffer.from(input, "latin1"), ...(codes ? { codes } : {}) };
  return await runTool("curl", ["--silent", "--show-error", "--max-time", "15", ...given], io);
}

/** With the name that the certificate is for. */
const named = (url: string): string => url.replace("127.0.0.1", "localhost");

describe("curl", needs("curl"), () => {
  test("sends a file over smtp://, kept byte for byte", async () => {
    await using smtp = await startSmtp();
    await curl(smtp, [`${smtp.url}/client.test`, ...envelope, "--upload-file", "-"]);
    const mail = await smtp.waitForMail();
    expect(Buffer.from(mail.raw).toString("latin1")).toBe(message);
    expect(mail.session.clientName).toBe("client.test");
    expect(mail.envelope).toMatchObject({
      mailFrom: "ann@example.com",
      rcptTo: [{ address: "bob@example.com" }],
    });
  });

  test("verifies STARTTLS with --ssl-reqd and --cacert", async () => {
    await using smtp = await startSmtp({ requireTls: true });
    await curl(smtp, [named(smtp.url), "--ssl-reqd", "--cacert", "{ca}", ...envelope, "-T", "-"]);
    expect((await smtp.waitForMail()).session).toMatchObject({
      protocol: "ESMTPS",
      tls: { version: "TLSv1.3", serverName: "localhost" },
    });
  });

  test("verifies smtps://, by name and by address", async () => {
    await using smtp = await startSmtp({ smtpsPort: 0 });
    for (const url of [named(smtp.smtpsUrl!), smtp.smtpsUrl!]) {
      await curl(smtp, [url, "--cacert", "{ca}", ...envelope, "-T", "-"]);
    }
    expect((await smtp.mails()).map(({ session }) => session.tls?.version)).toEqual(["TLSv1.3", "TLSv1.3"]);
  });

  test("does not trust the certificate without being told", async () => {
    await using smtp = await startSmtp({ smtpsPort: 0 });
    const args = [named(smtp.smtpsUrl!), ...envelope, "-T", "-"];
    // 60 is curl's CURLE_PEER_FAILED_VERIFICATION.
    await curl(smtp, args, { codes: [60] });
    expect(await smtp.mails()).toEqual([]);
  });

  test("TLS 1.1 is refused unless it is asked for", async () => {
    const old = ["--tlsv1.1", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"];
    await using modern = await startSmtp({ smtpsPort: 0 });
    // 35 is CURLE_SSL_CONNECT_ERROR.
    await curl(modern, [named(modern.smtpsUrl!), "-k", ...old, ...envelope, "-T", "-"], { codes: [35] });
    await using ancient = await startSmtp({ smtpsPort: 0, minTlsVersion: "TLSv1.1" });
    await curl(ancient, [named(ancient.smtpsUrl!), "-k", ...old, ...envelope, "-T", "-"]);
    expect((await ancient.waitForMail()).session.tls?.version).toBe("TLSv1.1");
  });

  const users = { ann: "se cret" };
  const bearer = ["--oauth2-bearer", "token-1"];
  test.for([
    ["PLAIN", [], true],
    ["PLAIN", ["--sasl-ir"], true],
    ["LOGIN", [], true],
    ["LOGIN", ["--sasl-ir"], true],
    ["CRAM-MD5", [], true],
    ["XOAUTH2", bearer, false],
    ["XOAUTH2", [...bearer, "--sasl-ir"], false],
    ["OAUTHBEARER", bearer, false],
    ["OAUTHBEARER", [...bearer, "--sasl-ir"], false],
  ] as const)("logs in with %s %s", async ([mechanism, args, hasUsers]) => {
    await using smtp = await startSmtp({
      requireAuth: true,
      mechanisms: [mechanism],
      ...(hasUsers ? { users } : {}),
    });
    const login = ["--login-options", `AUTH=${mechanism}`, "--user", "ann:se cret", ...args];
    await curl(smtp, [smtp.url, ...login, ...envelope, "-T", "-"]);
    expect((await smtp.waitForMail()).session.auth).toEqual({ mechanism, user: "ann" });
  });

  test("a wrong password is curl's CURLE_LOGIN_DENIED", async () => {
    await using smtp = await startSmtp({ users });
    await curl(smtp, [smtp.url, "--user", "ann:wrong", ...envelope, "-T", "-"], { codes: [67] });
    expect(await smtp.mails()).toEqual([]);
  });

  test("cancels an exchange it cannot go on with, and the session stays usable", async () => {
    await using smtp = await startSmtp({
      mechanisms: ["CRAM-MD5", "PLAIN"],
      users,
      // A challenge that is no base64: curl says * and tries the next mechanism.
      rules: [{ on: "AUTH CRAM-MD5", fault: "reply_after", code: 334, text: "%%%" }],
    });
    await curl(smtp, [smtp.url, "--user", "ann:se cret", ...envelope, "-T", "-"]);
    expect((await smtp.waitForMail()).session.auth).toEqual({ mechanism: "PLAIN", user: "ann" });
  });

  test("--mail-auth says who had the mail before", async () => {
    await using smtp = await startSmtp();
    const args = ["--user", "ann:x", "--mail-auth", "first@example.com"];
    await curl(smtp, [smtp.url, ...args, ...envelope, "-T", "-"]);
    expect((await smtp.waitForMail()).envelope.parameters["AUTH"]).toBe("<first@example.com>");
  });

  test("sends to many recipients, goes on after a refused one when allowed to", async () => {
    await using smtp = await startSmtp({
      onRcptTo: ({ address }) => (address.startsWith("no") ? { code: 550, text: "no such user" } : undefined),
    });
    const rcpt = ["no@x.test", "a@x.test", "b@x.test"].flatMap((address) => ["--mail-rcpt", address]);
    await curl(smtp, [smtp.url, "--mail-rcpt-allowfails", "--mail-from", "", ...rcpt, "-T", "-"]);
    const mail = await smtp.waitForMail();
    expect(mail.envelope.rcptTo.map(({ address }) => address)).toEqual(["a@x.test", "b@x.test"]);
    expect(mail.envelope.mailFrom).toBe("");
  });

  test("-X VRFY, EXPN, HELP and NOOP print what the server answers", async () => {
    await using smtp = await startSmtp({
      onVrfy: (address) => ({ code: 250, text: `Ann <${address}>` }),
      onExpn: () => ({ code: 250, text: ["Ann <ann@x.test>", "Bob <bob@x.test>", "Cy <cy@x.test>"] }),
    });
    const say = async (...args: string[]): Promise<string> =>
      (await curl(smtp, [smtp.url, ...args], { input: "" })).stdout;
    expect(await say("--mail-rcpt", "ann@x.test")).toBe("250 Ann <ann@x.test>\r\n");
    expect(await say("-X", "EXPN", "--mail-rcpt", "staff")).toBe(
      "250-Ann <ann@x.test>\r\n250-Bob <bob@x.test>\r\n250 Cy <cy@x.test>\r\n",
    );
    expect(await say("-X", "HELP")).toMatch(/^214-.*MAIL FROM:.*^214 /ms);
    expect(await say("-X", "NOOP")).toMatch(/^250 /);
  });

  test("writes a MIME mail whose file comes out byte for byte", async () => {
    await using smtp = await startSmtp();
    using folder = scratch();
    const content = Buffer.from(Array.from({ length: 70_000 }, (_, n) => (n * 7) % 256));
    const file = folder.file("all bytes.bin", content);
    const parts = ["-F", "=text body", "-F", `=@${file};encoder=base64`, "-H", "Subject: mime"];
    await curl(smtp, [smtp.url, ...envelope, ...parts]);
    const mail = await smtp.waitForMail({ subject: "mime", hasAttachment: "all bytes.bin" });
    expect(content.equals(mail.attachments[0]!.content)).toBe(true);
    expect(mail.text).toBe("text body");
  });

  test("a message of 5 MB in one line is one message", async () => {
    await using smtp = await startSmtp();
    const input = `Subject: big\r\n\r\n${"x".repeat(5_000_000)}\r\n`;
    await curl(smtp, [smtp.url, ...envelope, "-T", "-"], { input });
    const mail = await smtp.waitForMail();
    expect(Buffer.from(mail.raw).toString() === input).toBe(true);
    expect(mail.session.flags).toContainEqual(expect.stringContaining("998"));
  });

  test("http:// on the mail port is told off and closed", async () => {
    await using smtp = await startSmtp();
    const url = smtp.url.replace("smtp:", "http:");
    const { stdout } = await curl(smtp, [url, "--http0.9"], { input: "", codes: "any" });
    expect(stdout).toMatch(/^421 .*not HTTP/m);
    await createTransport(smtp.url).sendMail({ from: "a@x", to: "b@x", subject: "still there" });
    expect((await smtp.waitForMail()).subject).toBe("still there");
  });
});

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { refuse, startSmtp, type SmtpServer } from "../../../servers/smtp/index.ts";
import { needs, python, runTool, scratch } from "../../peers/tools.ts";

const script = join(import.meta.dirname, "send_with_smtplib.py");
const from = "ann@example.com";
const to = ["bob@example.com"];
const bytes = (content: Uint8Array): { base64: string } => ({
  base64: Buffer.from(content).toString("base64"),
});

interface Plan {
  readonly client?: "smtp" | "smtps" | "lmtp";
  readonly path?: string;
  readonly starttls?: true;
  readonly login?: readonly [user: string, password: string, mechanism: string | null];
  readonly steps: readonly (readonly [method: string, ...unknown[]])[];
}

/** The name certificates are issued for. */
const host = "localhost";

async function speak(smtp: SmtpServer, plan: Plan): Promise<unknown[]> {
  using folder = scratch();
  const port = plan.client === "smtps" ? Number(new URL(smtp.smtpsUrl!).port) : smtp.port;
  const ca = folder.file("ca.pem", smtp.ca);
  const input = JSON.stringify({ client: "smtp", host, port, ca, ...plan });
  return JSON.parse((await runTool(python, [script], { input })).stdout) as unknown[];
}

describe("Python smtplib", needs(python), () => {
  test("sends in plain text, and the bytes are kept", async () => {
    await using smtp = await startSmtp();
    const raw = "Subject: Hi\r\n\r\n.dot\r\n..\r\nend\r\n";
    expect(await speak(smtp, { steps: [["sendmail", from, to, raw]] })).toEqual([{}]);
    const mail = await smtp.waitForMail();
    expect(Buffer.from(mail.raw).toString()).toBe(raw);
    expect(mail.envelope).toMatchObject({
      mailFrom: from,
      rcptTo: [{ address: to[0] }],
      parameters: { SIZE: String(raw.length) },
    });
    expect(mail.session.tls).toBeUndefined();
  });

  test("verifies the certificate of STARTTLS with the given CA, and of smtps", async () => {
    await using smtp = await startSmtp({ smtpsPort: 0, requireTls: true });
    const steps = [["sendmail", from, to, "Subject: safe\r\n\r\n"]] as const;
    expect(await speak(smtp, { steps, starttls: true })).toEqual([[220, expect.any(String)], {}]);
    expect(await speak(smtp, { steps, client: "smtps" })).toEqual([{}]);
    const mails = await smtp.mails();
    expect(mails.map(({ session }) => session.protocol)).toEqual(["ESMTPS", "ESMTPS"]);
    expect(mails.map(({ session }) => session.tls?.serverName)).toEqual(["localhost", "localhost"]);
  });

  test("is refused in clear where TLS is required", async () => {
    await using smtp = await startSmtp({ requireTls: true });
    const [answer] = await speak(smtp, { steps: [["sendmail", from, to, "x"]] });
    expect(answer).toMatchObject({ error: "SMTPSenderRefused", text: expect.stringContaining("530") });
    const [login] = await speak(smtp, { login: ["ann", "x", null], steps: [] });
    expect(login).toMatchObject({ error: "SMTPNotSupportedError" });
  });

  test.for(["PLAIN", "LOGIN", "CRAM-MD5"])("logs in with %s", async (mechanism) => {
    await using smtp = await startSmtp({ users: { ann: "secret" }, requireAuth: true });
    const steps = [["sendmail", from, to, "Subject: Hi\r\n\r\n"]] as const;
    const [reply] = await speak(smtp, { login: ["ann", "secret", mechanism], steps });
    expect(reply).toMatchObject([235, expect.any(String)]);
    const [wrong] = await speak(smtp, { login: ["ann", "wrong", mechanism], steps: [] });
    expect(wrong).toMatchObject({ error: "SMTPAuthenticationError", text: expect.stringContaining("535") });
    const mails = await smtp.mails();
    expect(mails.map(({ session }) => session.auth)).toEqual([{ mechanism, user: "ann" }]);
  });

  test("speaks LMTP over TCP and over a unix socket", async () => {
    using folder = scratch();
    const path = join(folder.path, "lmtp.sock");
    const onRcptTo = ({ address }: { address: string }) =>
      address.startsWith("no") ? refuse(550, "no such user") : undefined;
    await using tcp = await startSmtp({ onRcptTo });
    await using unix = await startSmtp({ path, onRcptTo });
    const many = ["a@x.test", "no@x.test", "b@x.test"];
    const steps = [["sendmail", from, many, "Subject: lmtp\r\n\r\n"]] as const;
    for (const [smtp, plan] of [
      [tcp, { steps }],
      [unix, { steps, path }],
    ] as const) {
      const [refused] = await speak(smtp, { client: "lmtp", ...plan });
      expect(refused).toEqual({ "no@x.test": [550, "no such user"] });
      const { session, envelope } = await smtp.waitForMail();
      expect(session.protocol).toBe("LMTP");
      expect(envelope.rcptTo.map(({ address }) => address)).toEqual(["a@x.test", "b@x.test"]);
    }
  });

  test("asks for SMTPUTF8 and 8BITMIME", async () => {
    await using smtp = await startSmtp();
    const raw = Buffer.from("Subject: Grüße\r\n\r\n☕\r\n");
    const options = ["SMTPUTF8", "BODY=8BITMIME"];
    const steps = [["sendmail", "zoë@example.com", ["用户@例え.test"], bytes(raw), options]] as const;
    expect(await speak(smtp, { steps })).toEqual([{}]);
    const mail = await smtp.waitForMail();
    expect(mail.envelope).toMatchObject({
      mailFrom: "zoë@example.com",
      rcptTo: [{ address: "用户@例え.test" }],
      parameters: { SMTPUTF8: true, BODY: "8BITMIME" },
    });
    expect(raw.equals(mail.raw)).toBe(true);
    expect(mail.session.flags).toEqual([]);
  });

  test("sends a binary attachment that comes out byte for byte", async () => {
    await using smtp = await startSmtp();
    const content = randomBytes(300_001);
    const base64 = content.toString("base64").replaceAll(/.{76}/g, "$&\r\n");
    const raw =
      `Subject: file\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee\r\n` +
      `--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n` +
      `Content-Disposition: attachment; filename="x.bin"\r\n\r\n${base64}\r\n--b--\r\n`;
    await speak(smtp, { steps: [["sendmail", from, to, raw]] });
    const { attachments } = await smtp.waitForMail({ hasAttachment: "x.bin" });
    expect(content.equals(attachments[0]!.content)).toBe(true);
  });

  test("asks VRFY, EXPN, HELP and NOOP, resets, and goes back to HELO", async () => {
    await using smtp = await startSmtp({
      onVrfy: (address) => ({ code: 250, text: `Ann <${address}>`, enhancedCode: "2.1.5" }),
      onExpn: () => ({ code: 250, text: ["Ann <ann@x>", "Bob <bob@x>", "Cy <cy@x>"] }),
    });
    const answers = await speak(smtp, {
      steps: [
        ["vrfy", "ann@x"],
        ["expn", "staff"],
        ["help"],
        ["noop"],
        ["helo", "me"],
        ["mail", from],
        ["rset"],
        ["mail", from],
        ["quit"],
      ],
    });
    expect(answers).toEqual([
      [250, "2.1.5 Ann <ann@x>"],
      [250, "Ann <ann@x>\nBob <bob@x>\nCy <cy@x>"],
      expect.stringContaining("MAIL FROM:"),
      [250, expect.any(String)],
      [250, expect.stringContaining("mail.test")],
      [250, expect.any(String)],
      [250, expect.any(String)],
      [250, expect.any(String)],
      [221, expect.any(String)],
    ]);
  });

  test("uses no parameters where no extension is offered", async () => {
    await using smtp = await startSmtp({ capabilities: [] });
    expect(await speak(smtp, { steps: [["sendmail", from, to, "Subject: old\r\n\r\n"]] })).toEqual([{}]);
    expect((await smtp.waitForMail()).envelope.parameters).toEqual({});
  });
});

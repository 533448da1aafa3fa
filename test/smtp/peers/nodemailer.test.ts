import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { createTransport, type SentMessageInfo } from "nodemailer";
import { describe, expect, test } from "vitest";
import { refuse, startSmtp, type SmtpServer } from "../../../servers/smtp/index.ts";

const letter = { from: "ann@example.com", to: "bob@example.com", subject: "Hi", text: "Hello" };

const host = "127.0.0.1";

describe("TLS", () => {
  test("STARTTLS is taken without the client being told of the CA", async () => {
    await using smtp = await startSmtp();
    await createTransport({ url: smtp.url, requireTLS: true }).sendMail(letter);
    const mail = await smtp.waitForMail();
    expect(mail.session).toMatchObject({ protocol: "ESMTPS", tls: { version: "TLSv1.3" }, flags: [] });
  });

  test("smtps speaks TLS from the first byte", async () => {
    await using smtp = await startSmtp({ smtpsPort: 0 });
    await createTransport(smtp.smtpsUrl).sendMail(letter);
    const { session } = await smtp.waitForMail();
    expect(session.tls?.version).toBe("TLSv1.3");
    expect(session.transcript.map(({ text }) => text)).not.toContain("STARTTLS");
  });

  test("TLS 1.2 is agreed upon when the client knows no newer", async () => {
    await using smtp = await startSmtp();
    await createTransport({ url: smtp.url, tls: { maxVersion: "TLSv1.2" } }).sendMail(letter);
    expect((await smtp.waitForMail()).session.tls?.version).toBe("TLSv1.2");
  });

  test("TLS 1.1 is refused, and the server goes on", async () => {
    await using smtp = await startSmtp();
    const old = createTransport({
      url: smtp.url,
      requireTLS: true,
      tls: { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
    });
    await expect(old.sendMail(letter)).rejects.toThrow(/protocol version|handshake|alert/i);
    await createTransport(smtp.url).sendMail(letter);
    expect(await smtp.mails()).toHaveLength(1);
  });
});

describe("AUTH", () => {
  const users = { ann: "se cret=&+" };

  test.for(["PLAIN", "LOGIN", "CRAM-MD5"])("%s with a known user", async (method) => {
    await using smtp = await startSmtp({ users, requireAuth: true });
    const auth = { user: "ann", pass: users.ann };
    await createTransport({ url: smtp.url, authMethod: method, auth }).sendMail(letter);
    const { session } = await smtp.waitForMail();
    expect(session).toMatchObject({ protocol: "ESMTPSA", auth: { mechanism: method, user: "ann" } });
  });

  test.for(["PLAIN", "LOGIN", "CRAM-MD5"])("%s with a wrong password is 535", async (method) => {
    await using smtp = await startSmtp({ users });
    const auth = { user: "ann", pass: "wrong" };
    const sending = createTransport({ url: smtp.url, authMethod: method, auth }).sendMail(letter);
    await expect(sending).rejects.toMatchObject({ code: "EAUTH", responseCode: 535 });
    expect(await smtp.mails()).toEqual([]);
  });

  test("XOAUTH2 hands over user and token", async () => {
    const logins: unknown[] = [];
    await using smtp = await startSmtp({
      onAuth: ({ mechanism, user, password }) => void logins.push({ mechanism, user, password }),
    });
    const auth = { type: "OAuth2", user: "ann@example.com", accessToken: "ya29.token" } as const;
    await createTransport({ url: smtp.url, auth }).sendMail(letter);
    expect(logins).toEqual([{ mechanism: "XOAUTH2", user: "ann@example.com", password: "ya29.token" }]);
    expect((await smtp.waitForMail()).session.auth).toEqual({
      mechanism: "XOAUTH2",
      user: "ann@example.com",
    });
  });

  test("an inbox's URL is all that it takes to be seen in that inbox alone", async () => {
    await using smtp = await startSmtp();
    const [mine, other] = [smtp.inbox(), smtp.inbox()];
    await createTransport(mine.url).sendMail({ ...letter, subject: "mine" });
    expect((await mine.waitForMail()).subject).toBe("mine");
    expect(await other.mails()).toEqual([]);
  });
});

describe("connections", () => {
  test("a pool sends many over few connections, none lost, none doubled", async () => {
    await using smtp = await startSmtp();
    const pool = createTransport({ url: smtp.url, pool: true, maxConnections: 5 });
    const subjects = Array.from({ length: 200 }, (_, n) => `mail ${n}`);
    await Promise.all(subjects.map((subject) => pool.sendMail({ ...letter, subject })));
    pool.close();
    const mails = await smtp.mails();
    expect(mails.map(({ subject }) => subject).toSorted()).toEqual(subjects.toSorted());
    expect(new Set(mails.map(({ session }) => session.connection)).size).toBeLessThanOrEqual(5);
  });

  test("a pipelined envelope gets its replies in order although each decision takes its time", async () => {
    await using smtp = await startSmtp({
      onRcptTo: async ({ address }) => {
        await new Promise(setImmediate);
        return address.startsWith("no") ? refuse(550, "no such user", "5.1.1") : undefined;
      },
    });
    const to = ["a@x.test", "no1@x.test", "b@x.test", "no2@x.test", "c@x.test"];
    const sent: SentMessageInfo = await createTransport(smtp.url).sendMail({ ...letter, to });
    expect(sent).toMatchObject({
      accepted: ["a@x.test", "b@x.test", "c@x.test"],
      rejected: ["no1@x.test", "no2@x.test"],
    });
    const { envelope } = await smtp.waitForMail();
    expect(envelope.rcptTo.map(({ address }) => address)).toEqual(["a@x.test", "b@x.test", "c@x.test"]);
  });

  test("DATA that was pipelined behind refused recipients does not begin a message", async () => {
    await using smtp = await startSmtp({ onRcptTo: () => refuse(550, "nobody", "5.1.1") });
    await expect(createTransport(smtp.url).sendMail(letter)).rejects.toMatchObject({ code: "EENVELOPE" });
    expect(await smtp.mails()).toEqual([]);
  });

  test("without PIPELINING it is the same mail", async () => {
    await using slow = await startSmtp({ capabilities: ["8BITMIME"] });
    await createTransport(slow.url).sendMail(letter);
    const { session, text } = await slow.waitForMail();
    expect({ protocol: session.protocol, text }).toEqual({ protocol: "ESMTP", text: "Hello" });
  });

  test("LMTP gets a reply for each recipient", async () => {
    await using smtp = await startSmtp();
    const { port } = smtp;
    const to = ["a@x.test", "a@x.test", "b@x.test"];
    await createTransport({ host, port, lmtp: true }).sendMail({ ...letter, envelope: { from: "", to } });
    const { session, envelope } = await smtp.waitForMail();
    expect(session.protocol).toMatch(/^LMTP/);
    expect(envelope.mailFrom).toBe("");
    expect(envelope.rcptTo).toHaveLength(new Set(to).size);
  });

  test("a unix socket serves as well", async () => {
    const path = `/tmp/portside-nodemailer-${process.pid}.sock`;
    await using smtp = await startSmtp({ path });
    expect(smtp.url).toBe(`smtp+unix://${path}`);
    const socket = connect(path);
    await once(socket, "connect");
    await createTransport({ connection: socket, tls: { servername: "localhost" } }).sendMail(letter);
    expect((await smtp.waitForMail()).subject).toBe("Hi");
  });
});

describe("messages", () => {
  test("8BITMIME and SMTPUTF8 are asked for when they are needed, and arrive as sent", async () => {
    await using smtp = await startSmtp();
    await createTransport(smtp.url).sendMail({
      envelope: { from: "zoë@example.com", to: "用户@example.com", use8BitMime: true },
      raw: "Subject: Grüße\r\n\r\nnaïve ☕\r\n",
    });
    const { envelope, subject, text } = await smtp.waitForMail();
    expect(envelope).toMatchObject({
      mailFrom: "zoë@example.com",
      parameters: { SMTPUTF8: true, BODY: "8BITMIME" },
      rcptTo: [{ address: "用户@example.com" }],
    });
    expect({ subject, text }).toEqual({ subject: "Grüße", text: "naïve ☕" });
  });

  test("DSN parameters are kept in the envelope", async () => {
    await using smtp = await startSmtp();
    await createTransport(smtp.url).sendMail({
      ...letter,
      dsn: { id: "id+1 x", return: "headers", notify: ["failure", "delay"], recipient: "boss@example.com" },
    });
    const { envelope } = await smtp.waitForMail();
    expect(envelope.parameters).toEqual({ RET: "HDRS", ENVID: "id+2B1+20x" });
    expect(envelope.rcptTo[0]?.parameters).toEqual({
      NOTIFY: "FAILURE,DELAY",
      ORCPT: "rfc822;boss@example.com",
    });
  });

  test("attachments come out byte for byte, and blind recipients are known", async () => {
    await using smtp = await startSmtp();
    const files = [0, 1, 57, 65_536, 1_000_003].map((size) => randomBytes(size));
    await createTransport(smtp.url).sendMail({
      ...letter,
      bcc: "secret@example.com",
      attachments: [
        ...files.map((content, n) => ({ filename: `${n}.bin`, content })),
        { filename: "Grüße ☕.txt", content: "a\n.b\n..\n", contentTransferEncoding: "quoted-printable" },
      ],
    });
    const mail = await smtp.waitForMail();
    expect(mail.attachments.map(({ name }) => name)).toEqual([
      ...files.map((_, n) => `${n}.bin`),
      "Grüße ☕.txt",
    ]);
    files.forEach((file, n) => expect(file.equals(mail.attachments[n]!.content)).toBe(true));
    expect(Buffer.from(mail.attachments.at(-1)!.content).toString()).toBe("a\r\n.b\r\n..\r\n");
    expect(mail.envelope.bcc).toEqual(["secret@example.com"]);
    expect(mail.to).toEqual([{ name: "", address: "bob@example.com" }]);
  });

  test("lines that begin with dots arrive as they were", async () => {
    await using smtp = await startSmtp();
    const raw = "Subject: dots\r\n\r\n.\r\n..\r\n.a\r\n...\r\n a.\r\n.\r\n\r\n.\r\n";
    await sendRaw(smtp, raw);
    expect(Buffer.from((await smtp.waitForMail()).raw).toString()).toBe(raw);
  });

  test("SIZE over the limit is refused at MAIL", async () => {
    await using smtp = await startSmtp({ maxMessageBytes: 1000 });
    const sending = createTransport(smtp.url).sendMail({ ...letter, text: "x".repeat(2000) });
    await expect(sending).rejects.toMatchObject({ responseCode: 552 });
  });
});

async function sendRaw(smtp: SmtpServer, raw: string): Promise<void> {
  await createTransport(smtp.url).sendMail({ envelope: { from: letter.from, to: letter.to }, raw });
}

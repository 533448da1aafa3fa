import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, describe, expect, test } from "vitest";
import { sendMail, sendMails } from "../../clients/smtp/index.ts";
import { makeCertificateAuthority, makeSelfSigned } from "../../wire/certificate.ts";

/** What somebody else's server (nodemailer's smtp-server) got. */
interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly isSecure: boolean;
  readonly session: string;
}

const open: SMTPServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise<void>((resolve) => server.close(resolve))));
});

async function startPeer(options: SMTPServerOptions = {}): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.key === undefined ? ["STARTTLS"] : [],
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        received.push({
          from: session.envelope.mailFrom === false ? "" : session.envelope.mailFrom.address,
          to: session.envelope.rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
          isSecure: session.secure,
          session: session.id,
        });
        callback(null);
      });
    },
    ...options,
  });
  open.push(server);
  // A client that refuses our certificate leaves in the middle of the handshake.
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return { url: `${options.secure ? "smtps" : "smtp"}://127.0.0.1:${port}`, received };
}

const certified = (): { ca: string; key: string; cert: string } => {
  const authority = makeCertificateAuthority();
  return { ca: authority.certificate, ...authority.issue() };
};

function refusing(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

describe("sendMail()", () => {
  test("hands over subject, text, HTML, headers and attachments", async () => {
    const peer = await startPeer();
    const sent = await sendMail({
      server: peer.url,
      from: "Ann <ann@example.com>",
      to: ["bob@example.com", "Zoë <zoe@example.com>"],
      bcc: "secret@example.com",
      subject: "Grüße",
      text: "plain",
      html: "<b>rich</b>",
      headers: { "X-Test": "yes" },
      attachments: [{ name: "a.bin", content: new Uint8Array([0, 255, 10]) }],
    });
    const [mail] = peer.received;
    expect(mail).toMatchObject({
      from: "ann@example.com",
      to: ["bob@example.com", "zoe@example.com", "secret@example.com"],
    });
    expect(mail?.text).toContain(`Message-ID: ${sent.messageId}`);
    expect(mail?.text).toContain("X-Test: yes");
    expect(mail?.text).toContain("filename=a.bin");
    expect(mail?.text).toContain(Buffer.from([0, 255, 10]).toString("base64"));
    expect(mail?.text).not.toContain("secret@example.com");
    expect(sent).toMatchObject({ refused: [], reply: expect.stringMatching(/^250 /) as string });
  });

  test("names the recipients that were refused while others were accepted", async () => {
    const peer = await startPeer({
      onRcptTo: ({ address }, _session, callback) =>
        callback(address.startsWith("no") ? refusing(550, `5.1.1 <${address}> unknown`) : null),
    });
    const sent = await sendMail({ server: peer.url, to: ["yes@example.com", "no@example.com"] });
    expect(sent.accepted).toEqual(["yes@example.com"]);
    expect(sent.refused).toEqual([
      { address: "no@example.com", reply: "550 5.1.1 <no@example.com> unknown" },
    ]);
  });

  test("rejects with every recipient and its reply when all were refused", async () => {
    const peer = await startPeer({
      onRcptTo: (_to, _session, callback) => callback(refusing(550, "unknown")),
    });
    await expect(
      sendMail({ server: peer.url, to: "no@example.com, none@example.com" }),
    ).rejects.toMatchObject({
      code: "REPLY_UNEXPECTED",
      message: expect.stringMatching(
        /refused every recipient: no@example.com \(550 .*unknown\), none@example.com \(550/,
      ) as string,
    });
  });

  test("rejects with the reply when the message was refused after DATA", async () => {
    const peer = await startPeer({
      onData: (stream, _session, callback) => {
        stream.resume();
        stream.on("end", () => callback(refusing(552, "too large")));
      },
    });
    await expect(sendMail({ server: peer.url, to: "bob@example.com" })).rejects.toThrow(
      /^REPLY_UNEXPECTED smtp:\/\/127.0.0.1:\d+ after DATA expected success, got 552 .*too large/,
    );
  });

  test("logs in with the user of the URL, and keeps the password out of its errors", async () => {
    const peer = await startPeer({
      onAuth: ({ username, password }, _session, callback) =>
        username === "ann@test" && password === "p:w"
          ? callback(null, { user: username })
          : callback(refusing(535, "no")),
    });
    const url = (password: string): string => peer.url.replace("//", `//ann%40test:${password}@`);
    const tls = { to: "bob@example.com" };
    await sendMail({ ...tls, server: url("p%3Aw") });
    expect(peer.received).toHaveLength(1);
    const refused = sendMail({ ...tls, server: url("wrong") });
    await expect(refused).rejects.toThrow(/^REPLY_UNEXPECTED .*535/);
    await expect(refused).rejects.not.toThrow(/wrong/);
  });

  test.each(["smtp", "smtps"])(
    "checks the certificate of %s when it is given an authority",
    async (scheme) => {
      const ours = certified();
      const peer = await startPeer({ key: ours.key, cert: ours.cert, secure: scheme === "smtps" });
      const mail = { server: peer.url, to: "bob@example.com" };
      await sendMail({ ...mail, ca: ours.ca });
      await sendMail(mail);
      expect(peer.received.map(({ isSecure }) => isSecure)).toEqual([true, true]);
      await expect(sendMail({ ...mail, ca: certified().ca })).rejects.toMatchObject({ code: "TLS_FAILED" });
      await expect(sendMail({ ...mail, checkCertificate: true })).rejects.toMatchObject({
        code: "TLS_FAILED",
      });
    },
  );

  test("takes a certificate that signed itself only when it need not be checked", async () => {
    const peer = await startPeer(makeSelfSigned());
    const mail = { server: peer.url, to: "bob@example.com" };
    await sendMail(mail);
    expect(peer.received).toHaveLength(1);
    await expect(sendMail({ ...mail, checkCertificate: true })).rejects.toThrow(/^TLS_FAILED .*self-signed/);
  });

  test("rejects with CONNECT_FAILED when nobody listens", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(sendMail({ server: `smtp://127.0.0.1:${port}`, to: "a@example.com" })).rejects.toMatchObject(
      {
        code: "CONNECT_FAILED",
      },
    );
  });

  test("rejects with TIMED_OUT when no greeting comes", async () => {
    await using server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    server.on("connection", (socket) => socket.on("error", () => {}));
    const { port } = server.address() as AddressInfo;
    await expect(
      sendMail({ server: `smtp://127.0.0.1:${port}`, to: "a@example.com", timeoutMs: 50 }),
    ).rejects.toMatchObject({ code: "TIMED_OUT" });
  });

  test.each(["http://127.0.0.1:25", "127.0.0.1:25", "smtp://"])(
    "says that %s is no mail server",
    async (server) => {
      await expect(sendMail({ server, to: "a@example.com" })).rejects.toThrow(
        new TypeError(`server is "${server}"; give smtp://host:port or smtps://host:port`),
      );
    },
  );

  test("rejects a mail without recipients as the caller's mistake", async () => {
    const peer = await startPeer();
    await expect(sendMail({ server: peer.url, subject: "to nobody" })).rejects.toBeInstanceOf(TypeError);
  });
});

describe("sendMails()", () => {
  test("sends all over as many connections as asked, each with a Message-ID of its own", async () => {
    const peer = await startPeer();
    const seen: number[] = [];
    const { sent, errors } = await sendMails({
      server: peer.url,
      to: "bob@example.com",
      count: 30,
      concurrency: 3,
      onSettled: ({ sent }) => seen.push(sent),
    });
    expect(errors).toEqual([]);
    expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(30);
    expect(peer.received).toHaveLength(30);
    expect(new Set(peer.received.map(({ session }) => session)).size).toBe(3);
    expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  test("goes on when one fails", async () => {
    let count = 0;
    const peer = await startPeer({
      onMailFrom: (_from, _session, callback) => callback(++count === 2 ? refusing(451, "later") : null),
    });
    const { sent, errors } = await sendMails({ server: peer.url, to: "bob@example.com", count: 4 });
    expect([sent.length, errors.length]).toEqual([3, 1]);
    expect(errors[0]?.message).toMatch(/451/);
  });

  test("sends no more once it is told to stop", async () => {
    const peer = await startPeer();
    const stop = new AbortController();
    const { sent } = await sendMails({
      server: peer.url,
      to: "bob@example.com",
      count: 1_000,
      signal: stop.signal,
      onSettled: ({ sent }) => {
        if (sent === 3) stop.abort();
      },
    });
    expect(sent).toHaveLength(3);
  });
});

import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { expect } from "vitest";
import { readMail, refuse } from "../../../servers/smtp/index.ts";
import { scratch } from "../../peers/tools.ts";
import { RawClient } from "../../smtp/raw-client.ts";
import { type Cases, greeted, letter, type Start } from "./case.ts";

/** How a server opens, talks, decides and closes. */
export const sessionCases: Cases = {
  "keeps a mail, its envelope and who brought it": async (start) => {
    await using smtp = await start();
    await createTransport({ url: smtp.url, name: "client.test", ignoreTLS: true }).sendMail(letter);
    const mail = await smtp.waitForMail({ subject: "Hi", text: "Hello", from: letter.from, to: letter.to });
    expect(mail.envelope).toMatchObject({ mailFrom: letter.from, rcptTo: [{ address: letter.to }] });
    expect(mail.session).toMatchObject({
      connection: 1,
      clientName: "client.test",
      clientAddress: "127.0.0.1",
      clientPort: expect.any(Number),
      protocol: "ESMTP",
    });
  },

  "upgrades with STARTTLS, by a certificate that this process trusts": async (start) => {
    await using smtp = await start();
    await createTransport({ url: smtp.url, requireTLS: true }).sendMail(letter);
    const { session } = await smtp.waitForMail();
    expect(session).toMatchObject({ protocol: "ESMTPS", tls: { version: "TLSv1.3", cipher: /^TLS_/ } });
  },

  "speaks TLS from the first byte on smtpsPort": async (start) => {
    await using smtp = await start({ smtpsPort: 0 });
    await createTransport(smtp.smtpsUrl).sendMail(letter);
    expect((await smtp.waitForMail()).session.tls?.version).toBe("TLSv1.3");
  },

  "refuses mail in clear when TLS is required": async (start) => {
    await using smtp = await start({ requireTls: true });
    using client = await greeted(smtp);
    expect((await client.say("MAIL FROM:<ann@x.test>"))[0]).toMatch(/^530 /);
  },

  ...Object.fromEntries(
    ["PLAIN", "LOGIN", "CRAM-MD5"].map((mechanism) => [
      `AUTH ${mechanism}: a known user gets in, a wrong password is 535`,
      async (start: Start) => {
        await using smtp = await start({ users: { ann: "secret" }, requireAuth: true });
        const transport = (pass: string) =>
          createTransport({ url: smtp.url, authMethod: mechanism, auth: { user: "ann", pass } });
        await transport("secret").sendMail(letter);
        expect((await smtp.waitForMail()).session.auth).toEqual({ mechanism, user: "ann" });
        await expect(transport("wrong").sendMail(letter)).rejects.toMatchObject({ responseCode: 535 });
        using client = await greeted(smtp);
        expect((await client.say("MAIL FROM:<ann@x.test>"))[0]).toMatch(/^530 /);
      },
    ]),
  ),

  "AUTH XOAUTH2 hands over the token": async (start) => {
    const tokens: unknown[] = [];
    await using smtp = await start({ onAuth: ({ password }) => void tokens.push(password) });
    const auth = { type: "OAuth2", user: "ann", accessToken: "token" } as const;
    await createTransport({ url: smtp.url, auth }).sendMail(letter);
    expect(tokens).toEqual(["token"]);
    expect((await smtp.waitForMail()).session.auth).toEqual({ mechanism: "XOAUTH2", user: "ann" });
  },

  "AUTH OAUTHBEARER and SCRAM-SHA-256 are offered": async (start) => {
    await using smtp = await start({ users: { ann: "secret" } });
    using client = await RawClient.connect(smtp);
    expect((await client.say("EHLO client.test"))[0]).toMatch(/AUTH.*SCRAM-SHA-256.*OAUTHBEARER/);
  },

  "inboxes see their own mail, by address or by credentials": async (start) => {
    await using smtp = await start();
    const [mine, other] = [smtp.inbox(), smtp.inbox()];
    await createTransport(mine.url).sendMail(letter);
    await createTransport(smtp.url).sendMail({ ...letter, to: mine.address });
    expect(await mine.mails()).toHaveLength(2);
    expect(await other.mails()).toEqual([]);
  },

  "a callback refuses a connection, a sender, a recipient, a message, each with its code": async (start) => {
    let isBusy = false;
    await using smtp = await start({
      onConnect: () => (isBusy ? refuse(421, "come back later") : undefined),
      onMailFrom: ({ address }) => (address === "spam@x.test" ? refuse(553, "not you") : undefined),
      onRcptTo: ({ address }) => (address === "no@x.test" ? refuse(550, "no such user") : undefined),
      onData: async ({ content }) => {
        let size = 0;
        for await (const bytes of content) size += bytes.length;
        return size > 100 ? refuse(554, `${size} bytes of spam`) : undefined;
      },
    });
    using client = await greeted(smtp);
    const said = await client.say(
      "MAIL FROM:<spam@x.test>",
      "MAIL FROM:<ann@x.test>",
      "RCPT TO:<no@x.test>",
      "RSET",
    );
    expect(said.map((reply) => reply.slice(0, 3))).toEqual(["553", "250", "550", "250"]);
    const spam = Buffer.from(`${"x".repeat(198)}\r\n`);
    expect(await client.data("ann@x.test", "bob@x.test", spam)).toMatch(/^554 .*200 bytes of spam/);
    expect(await client.data("ann@x.test", "bob@x.test", Buffer.from("hi\r\n"))).toMatch(/^250 /);
    expect(await smtp.mails()).toHaveLength(1);
    isBusy = true;
    using busy = await RawClient.connect(smtp).catch(() => undefined);
    await expect(busy?.say("EHLO x") ?? Promise.reject(new Error("closed"))).rejects.toThrow(/closed/);
  },

  "a callback that fails is 451, and the session goes on": async (start) => {
    await using smtp = await start({
      onRcptTo: ({ address }) => {
        if (address === "bug@x.test") throw new Error("a bug of the test");
      },
    });
    using client = await greeted(smtp);
    const said = await client.say("MAIL FROM:<a@x.test>", "RCPT TO:<bug@x.test>", "RCPT TO:<b@x.test>");
    expect(said.map((reply) => reply.slice(0, 3))).toEqual(["250", "451", "250"]);
  },

  "a mailbox that fails is 451, and nothing is told to be kept": async (start) => {
    await using smtp = await start();
    smtp.mailbox.add = () => Promise.reject(new Error("the disk is full"));
    using client = await greeted(smtp);
    expect(await client.data("ann@x.test", "bob@x.test", Buffer.from("hi\r\n"))).toMatch(/^451 /);
  },

  "a message over maxMessageBytes is 552 and not kept": async (start) => {
    await using smtp = await start({ maxMessageBytes: 1_000 });
    using client = await greeted(smtp);
    expect((await client.say("MAIL FROM:<a@x.test> SIZE=1001"))[0]).toMatch(/^552 /);
    const large = Buffer.from(`${"x".repeat(999)}\r\n`);
    expect(await client.data("ann@x.test", "bob@x.test", large)).toMatch(/^552 /);
    expect(await smtp.mails()).toEqual([]);
  },

  "more than maxRecipients are 452": async (start) => {
    await using smtp = await start({ maxRecipients: 1 });
    using client = await greeted(smtp);
    const said = await client.say("MAIL FROM:<a@x.test>", "RCPT TO:<b@x.test>", "RCPT TO:<c@x.test>");
    expect(said.at(-1)).toMatch(/^452 /);
  },

  "only what is among the capabilities is offered": async (start) => {
    await using smtp = await start({ capabilities: ["SIZE"] });
    using client = await RawClient.connect(smtp);
    const [offer = ""] = await client.say("EHLO client.test");
    const words = offer.split("\r\n").slice(1);
    expect(words.map((word) => word.slice(4).split(" ")[0])).toEqual(["SIZE"]);
  },

  "BDAT brings a message in chunks": async (start) => {
    await using smtp = await start();
    using client = await greeted(smtp);
    expect(await client.bdat("a@x.test", "b@x.test", Buffer.from("hello\r\n"), 3)).toMatch(/^250 /);
    expect(Buffer.from((await smtp.waitForMail()).raw).toString()).toBe("hello\r\n");
  },

  "LHLO begins LMTP": async (start) => {
    await using smtp = await start();
    using client = await greeted(smtp, "LHLO client.test");
    await client.say("MAIL FROM:<a@x.test>", "RCPT TO:<b@x.test>", "RCPT TO:<c@x.test>", "DATA");
    expect(await client.say(".", "NOOP")).toEqual([
      expect.stringMatching(/^250 .*queued/),
      expect.stringMatching(/queued/),
    ]);
  },

  "a pipelined envelope and message is answered in order": async (start) => {
    await using smtp = await start();
    using client = await greeted(smtp);
    client.write("MAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\nhi\r\n.\r\nNOOP\r\nQUIT\r\n");
    const codes: string[] = [];
    while (codes.length < 6) codes.push((await client.reply()).slice(0, 3));
    expect(codes).toEqual(["250", "250", "354", "250", "250", "221"]);
  },

  "a client that vanishes in the middle of a message leaves nothing": async (start) => {
    await using smtp = await start();
    const client = await greeted(smtp);
    await client.say("MAIL FROM:<a@x.test>", "RCPT TO:<b@x.test>", "DATA");
    client.write("half a message\r\n");
    client[Symbol.dispose]();
    await createTransport(smtp.url).sendMail(letter);
    expect((await smtp.mails()).map(({ subject }) => subject)).toEqual(["Hi"]);
  },

  "the transcript has both sides of the conversation": async (start) => {
    await using smtp = await start();
    using client = await greeted(smtp);
    await client.data("ann@x.test", "bob@x.test", Buffer.from("hi\r\n"));
    const { session } = await smtp.waitForMail();
    const texts = session.transcript.map(({ from, text }) => `${from}: ${text}`);
    expect(texts).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^S: 220 /),
        "C: EHLO client.test",
        "C: RCPT TO:<bob@x.test>",
        expect.stringMatching(/^S: 354 /),
      ]),
    );
    expect(smtp.transcript.text()).toContain("C: DATA");
  },

  "what a strict server would refuse is flagged": async (start) => {
    await using smtp = await start();
    using client = await greeted(smtp);
    client.write("NOOP\n");
    await client.reply();
    await client.data("ann@x.test", "bob@x.test", Buffer.from("a\nb\r\n"));
    expect((await smtp.waitForMail()).session.flags).toEqual([
      "a command ended by a bare LF",
      "bare LF in the message",
    ]);
  },

  "the PROXY protocol says who the client is": async (start) => {
    await using smtp = await start({ acceptsProxyProtocol: true });
    const header = Buffer.from("PROXY TCP4 192.0.2.7 198.51.100.2 54321 25\r\n");
    using client = await RawClient.connect(smtp, header);
    await client.say("EHLO client.test");
    await client.data("a@x.test", "b@x.test", Buffer.from("hi\r\n"));
    const { session } = await smtp.waitForMail();
    expect(session).toMatchObject({ clientAddress: "192.0.2.7", clientPort: 54_321 });
  },

  "the greeting leaves at once": async (start) => {
    await using smtp = await start();
    const beforeMs = performance.now();
    for (let n = 0; n < 5; n++) (await RawClient.connect(smtp))[Symbol.dispose]();
    expect(performance.now() - beforeMs).toBeLessThan(400);
  },

  "close() tells those who wait, and is over at once": async (start) => {
    await using smtp = await start();
    using client = await greeted(smtp);
    const beforeMs = performance.now();
    const parting = client.reply();
    await smtp.close({ graceMs: 2_000 });
    expect(await parting).toMatch(/^421 /);
    expect(performance.now() - beforeMs).toBeLessThan(1_500);
  },

  "after close() its port is free for the next": async (start) => {
    const first = await start();
    using client = await greeted(first);
    client.write("NOOP\r\n");
    await Promise.all([first.close({ graceMs: 50 }), first.close()]);
    expect(first.connections).toBe(0);
    await using second = await start({ port: first.port });
    await createTransport(second.url).sendMail(letter);
    expect(await second.mails()).toHaveLength(1);
  },

  "a port that is taken is WireError ADDRESS_IN_USE": async (start) => {
    await using smtp = await start();
    await expect(start({ port: smtp.port })).rejects.toMatchObject({ code: "ADDRESS_IN_USE" });
  },

  "a unix socket serves as well": async (start) => {
    using folder = scratch();
    const path = join(folder.path, "mail.sock");
    await using smtp = await start({ path });
    expect({ url: smtp.url, port: smtp.port }).toEqual({ url: `smtp+unix://${path}`, port: 0 });
    const connection = connect(path);
    await once(connection, "connect");
    await createTransport({ connection, ignoreTLS: true }).sendMail(letter);
    expect(await smtp.mails()).toHaveLength(1);
  },

  "a stored mail reads like any other": async (start) => {
    await using smtp = await start();
    await createTransport(smtp.url).sendMail({ ...letter, html: '<a href="https://x.test/verify">go</a>' });
    const stored = await smtp.mailbox.get("latest");
    expect((await readMail(stored!)).link("/verify").href).toBe("https://x.test/verify");
    expect((await smtp.mailbox.search({ query: "subject:hi" })).matches).toBe(1);
  },
};

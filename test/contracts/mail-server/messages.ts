import { randomBytes } from "node:crypto";
import { createTransport } from "nodemailer";
import { expect } from "vitest";
import type { SmtpServer } from "../../../servers/smtp/index.ts";
import { type Cases, greeted, letter } from "./case.ts";

/** What becomes of envelopes and messages. */
export const messageCases: Cases = {
  "dots, empty lines and 8-bit bytes are kept": async (start) => {
    await using smtp = await start();
    await keeps(smtp, "Subject: x\r\n\r\n.\r\n..\r\n.a\r\n\r\n\xe9\xff\x00\x01\r\n");
  },

  "bare LF and bare CR are kept, and end nothing": async (start) => {
    await using smtp = await start();
    await keeps(smtp, "a\nb\rc\n.\nd\r.\re\n.\r\nf\r\n");
  },

  "a line of a million bytes is kept": async (start) => {
    await using smtp = await start();
    await keeps(smtp, `${"x".repeat(1_000_000)}\r\n`);
  },

  "attachments come out byte for byte": async (start) => {
    await using smtp = await start();
    const content = randomBytes(200_003);
    const attachments = [{ filename: "a.bin", content }];
    await createTransport(smtp.url).sendMail({ ...letter, attachments });
    expect(content.equals((await smtp.waitForMail()).attachments[0]!.content)).toBe(true);
  },

  "SMTPUTF8 and 8BITMIME are taken": async (start) => {
    await using smtp = await start();
    await createTransport(smtp.url).sendMail({
      envelope: { from: "zoë@x.test", to: "用户@x.test", use8BitMime: true },
      raw: "Subject: Grüße\r\n\r\n☕\r\n",
    });
    expect(await envelopeOf(smtp)).toMatchObject({
      mailFrom: "zoë@x.test",
      parameters: { SMTPUTF8: true, BODY: "8BITMIME" },
      rcptTo: [{ address: "用户@x.test" }],
    });
  },

  "an address is kept as it was sent": async (start) => {
    await using smtp = await start();
    using client = await greeted(smtp);
    await client.data("Ann@xn--bcher-kva.test", "BOB@x.test", Buffer.from("hi\r\n"));
    expect(await envelopeOf(smtp)).toMatchObject({
      mailFrom: "Ann@xn--bcher-kva.test",
      rcptTo: [{ address: "BOB@x.test" }],
    });
  },

  "the client's name is kept as it was sent": async (start) => {
    await using smtp = await start();
    using client = await greeted(smtp, "EHLO Client.TEST");
    await client.data("a@x.test", "b@x.test", Buffer.from("hi\r\n"));
    expect((await smtp.waitForMail()).session.clientName).toBe("Client.TEST");
  },

  "the same recipient twice is two recipients": async (start) => {
    await using smtp = await start();
    using client = await greeted(smtp);
    await client.say(
      "MAIL FROM:<a@x.test>",
      "RCPT TO:<b@x.test>",
      "RCPT TO:<B@x.test>",
      "RCPT TO:<b@x.test>",
      "DATA",
    );
    await client.say(".");
    expect((await envelopeOf(smtp)).rcptTo.map(({ address }) => address)).toEqual([
      "b@x.test",
      "B@x.test",
      "b@x.test",
    ]);
  },

  "a quoted local part may hold a space and an @": async (start) => {
    await using smtp = await start();
    using client = await greeted(smtp);
    await client.data('"an n@home"@x.test', "b@x.test", Buffer.from("hi\r\n"));
    expect((await envelopeOf(smtp)).mailFrom).toBe('"an n@home"@x.test');
  },

  "DSN parameters are kept as they were sent": async (start) => {
    await using smtp = await start();
    using client = await greeted(smtp);
    await client.say(
      "MAIL FROM:<a@x.test> RET=HDRS ENVID=id+2B1",
      "RCPT TO:<b@x.test> NOTIFY=FAILURE ORCPT=rfc822;c+2Bd@x.test",
      "DATA",
    );
    await client.say(".");
    const { parameters, rcptTo } = await envelopeOf(smtp);
    expect(parameters).toEqual({ RET: "HDRS", ENVID: "id+2B1" });
    expect(rcptTo[0]?.parameters).toEqual({ NOTIFY: "FAILURE", ORCPT: "rfc822;c+2Bd@x.test" });
  },
};

/** Keep a message, and see that it is there as it was sent. */
async function keeps(smtp: SmtpServer, raw: string): Promise<void> {
  using client = await greeted(smtp);
  const bytes = Buffer.from(raw, "latin1");
  expect(await client.data("ann@x.test", "bob@x.test", bytes)).toMatch(/^250 /);
  const stored = await smtp.mailbox.get("latest");
  expect(Buffer.from(stored!.raw).toString("latin1")).toBe(raw);
}

async function envelopeOf(smtp: SmtpServer) {
  return (await smtp.waitForMail()).envelope;
}

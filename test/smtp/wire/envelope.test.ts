import { connect, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { startSmtp, type SmtpOptions } from "../../../servers/smtp/index.ts";
import { Talk } from "../../wire/talk.ts";
import { talkTo, talkToData } from "./talk.ts";

/** What is said, and the code that answers it. */
type Dialogue = readonly (readonly [line: string, code: number])[];

const ehlo = ["EHLO client.test", 250] as const;
const mail = ["MAIL FROM:<ann@client.test>", 250] as const;
const rcpt = ["RCPT TO:<bob@mail.test>", 250] as const;

const dialogues: readonly (readonly [name: string, dialogue: Dialogue, options?: SmtpOptions])[] = [
  ["EHLO in mid-transaction ends it", [ehlo, mail, rcpt, ehlo, ["DATA", 503]]],
  [
    "HELO in mid-transaction ends it",
    [ehlo, mail, ["HELO client.test", 250], ["RCPT TO:<bob@mail.test>", 503]],
  ],
  ["MAIL before EHLO is out of order", [["MAIL FROM:<ann@client.test>", 503], ehlo, mail]],
  ["RCPT before MAIL is out of order", [ehlo, ["RCPT TO:<bob@mail.test>", 503]]],
  ["DATA without a recipient does not begin the message", [ehlo, mail, ["DATA", 503], ["NOOP", 250]]],
  ["MAIL within a transaction is out of order", [ehlo, mail, ["MAIL FROM:<b@client.test>", 503], rcpt]],
  ["RSET ends the transaction", [ehlo, mail, rcpt, ["RSET", 250], ["DATA", 503]]],
  ["an unknown MAIL parameter is refused", [ehlo, ["MAIL FROM:<a@b.test> XFOO=1", 555], mail]],
  ["an unknown RCPT parameter is refused", [ehlo, mail, ["RCPT TO:<bob@mail.test> XFOO", 555], rcpt]],
  ["a parameter twice is refused", [ehlo, ["MAIL FROM:<a@b.test> SIZE=1 SIZE=1", 501]]],
  [
    "a parameter that is not offered is refused",
    [ehlo, ["MAIL FROM:<a@b.test> SIZE=10", 555]],
    { capabilities: ["HELP"] },
  ],
  [
    "no parameter is known after HELO",
    [
      ["HELO client.test", 250],
      ["MAIL FROM:<a@b.test> SIZE=10", 555],
    ],
  ],
  ["a wrong BODY is refused", [ehlo, ["MAIL FROM:<a@b.test> BODY=9BIT", 501]]],
  ["DATA takes no argument", [ehlo, mail, rcpt, ["DATA foo", 501]]],
  [
    "QUIT takes no argument",
    [
      ["QUIT now", 501],
      ["QUIT", 221],
    ],
  ],
  ["RSET takes no argument", [["RSET x", 501]]],
  [
    "EHLO needs a name",
    [
      ["EHLO", 501],
      ["HELO", 501],
    ],
  ],
  ["an unknown command is told", [["XYZZY", 500], ["", 500], ehlo]],
  [
    "VRFY, EXPN, HELP and NOOP are answered",
    [
      ["VRFY ann", 252],
      ["EXPN all", 252],
      ["HELP", 214],
      ["HELP MAIL", 214],
      ["HELP FOO", 504],
      ["NOOP", 250],
      ["NOOP text", 250],
    ],
  ],
  ["VRFY needs an argument", [["VRFY", 501]]],
  [
    "verbs and keywords may be in any case",
    [
      ["ehlo client.test", 250],
      ["mail from:<a@b.test>", 250],
      ["Rcpt To:<b@c.test>", 250],
    ],
  ],
  [
    "SIZE over the limit is refused at MAIL",
    [ehlo, ["MAIL FROM:<a@b.test> SIZE=1001", 552], ["MAIL FROM:<a@b.test> SIZE=1000", 250]],
    { maxMessageBytes: 1000 },
  ],
  [
    "a recipient too many is refused for now",
    [ehlo, mail, rcpt, rcpt, ["RCPT TO:<c@mail.test>", 452], ["DATA", 354]],
    { maxRecipients: 2 },
  ],
  [
    "an address that is not ASCII needs SMTPUTF8",
    [ehlo, ["MAIL FROM:<\xc3\xa4nn@client.test>", 553], ["MAIL FROM:<\xc3\xa4nn@client.test> SMTPUTF8", 250]],
  ],
  [
    "a recipient that is not ASCII needs SMTPUTF8 at MAIL",
    [ehlo, mail, ["RCPT TO:<\xc3\xa4nn@client.test>", 553]],
  ],
  [
    "DSN parameters are accepted",
    [
      ehlo,
      ["MAIL FROM:<a@b.test> RET=HDRS ENVID=x+2By", 250],
      ["RCPT TO:<b@c.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b@c.test", 250],
    ],
  ],
  [
    "wrong DSN parameters are refused",
    [
      ehlo,
      ["MAIL FROM:<a@b.test> RET=ALL", 501],
      ["MAIL FROM:<a@b.test> ENVID=x+2by", 501],
      mail,
      ["RCPT TO:<b@c.test> NOTIFY=NEVER,SUCCESS", 501],
      ["RCPT TO:<b@c.test> ORCPT=b", 501],
    ],
  ],
  [
    "a path that cannot be read is refused",
    [
      ehlo,
      ["MAIL FROM:", 501],
      ["MAIL TO:<a@b.test>", 501],
      ["MAIL FROM:<a@b.test", 501],
      ["MAIL FROM:<a b@c.test>", 501],
      ["MAIL FROM:<a@b.test>SIZE=1", 501],
      mail,
      ["RCPT TO:<>", 501],
    ],
  ],
  ["the null sender is accepted", [ehlo, ["MAIL FROM:<>", 250]]],
  ["AUTH is asked for before MAIL", [ehlo, ["MAIL FROM:<a@b.test>", 530]], { requireAuth: true }],
  [
    "TLS is asked for before MAIL",
    [ehlo, ["NOOP", 250], ["MAIL FROM:<a@b.test>", 530], ["AUTH PLAIN AGEAYg==", 530]],
    { requireTls: true },
  ],
  ["an unknown mechanism is told", [ehlo, ["AUTH FOO", 504]]],
  ["AUTH before EHLO is out of order", [["AUTH PLAIN AGEAYg==", 503]]],
  ["AUTH within a transaction is out of order", [ehlo, mail, ["AUTH PLAIN AGEAYg==", 503]]],
  ["AUTH twice is out of order", [ehlo, ["AUTH PLAIN AGEAYg==", 235], ["AUTH PLAIN AGEAYg==", 503]]],
  ["AUTH may be cancelled", [ehlo, ["AUTH LOGIN", 334], ["*", 501], ["AUTH PLAIN AGEAYg==", 235]]],
  [
    "an empty initial response is written as =",
    [ehlo, ["AUTH PLAIN =", 501], ["AUTH LOGIN", 334], ["YQ==", 334], ["Yg==", 235]],
  ],
  ["a response that is not base64 is told", [ehlo, ["AUTH PLAIN", 334], ["not base64!", 501]]],
  [
    "a wrong password is refused",
    [ehlo, ["AUTH PLAIN AGEAYg==", 535], ["AUTH PLAIN AGEAYw==", 235]],
    { users: { a: "c" } },
  ],
  ["BDAT without a transaction consumes its chunk", [ehlo, ["BDAT 8\r\nNOOP x", 503], ["NOOP", 250]]],
  ["STARTTLS takes no argument", [ehlo, ["STARTTLS now", 501]]],
  ["STARTTLS that is not offered is refused", [ehlo, ["STARTTLS", 502]], { capabilities: ["PIPELINING"] }],
];

describe("startSmtp() answers by the book:", () => {
  test.for(dialogues)("%s", async ([, dialogue, options]) => {
    await using smtp = await startSmtp(options);
    await using talk = await talkTo(smtp);
    for (const [line, code] of dialogue) expect([line, await talk.say(line)]).toEqual([line, code]);
  });
});

describe("startSmtp() takes addresses as they are sent:", () => {
  test.for([
    '"a b"@mail.test',
    '"a@b"@mail.test',
    '"a>b"@mail.test',
    '"a\\"b"@mail.test',
    "a..b@mail.test",
    "a@under_score.test",
    "a+tag@mail.test",
    "a@[127.0.0.1]",
    "a@[IPv6:::1]",
    "postmaster",
    "Postmaster",
    "a@xn--bcher-kva.test",
    "@relay.test:a@mail.test",
  ])("%s", async (address) => {
    await using smtp = await startSmtp();
    await using talk = await talkTo(smtp);
    await talk.say("EHLO client.test");
    await talk.say("MAIL FROM:<ann@client.test>");
    expect(await talk.say(`RCPT TO:<${address}>`)).toBe(250);
    expect(await talk.say("DATA")).toBe(354);
    expect(await talk.say("Subject: x\r\n\r\n.")).toBe(250);
    const mail = await smtp.waitForMail();
    expect(mail.envelope.rcptTo.map((recipient) => recipient.address)).toEqual([address]);
    expect(mail.session.flags).toEqual([]);
  });

  test("in any case of letters, in order, repetitions kept", async () => {
    await using smtp = await startSmtp();
    await using talk = await talkToData(smtp);
    for (const address of ["Foo@x.test", "foo@x.test", "bob@mail.test"])
      await talk.say(`RCPT TO:<${address}>`);
    await talk.say("DATA");
    await talk.say(".");
    const mail = await smtp.waitForMail();
    expect(mail.envelope.rcptTo.map((recipient) => recipient.address)).toEqual([
      "bob@mail.test",
      "Foo@x.test",
      "foo@x.test",
      "bob@mail.test",
    ]);
  });

  test("with parameters kept", async () => {
    await using smtp = await startSmtp();
    await using talk = await talkTo(smtp);
    await talk.say("EHLO client.test");
    await talk.say("MAIL FROM:<ann@client.test> SIZE=20 BODY=8BITMIME RET=FULL");
    await talk.say("RCPT TO:<bob@mail.test> NOTIFY=NEVER");
    await talk.say("DATA");
    await talk.say(".");
    const { envelope } = await smtp.waitForMail();
    expect(envelope.parameters).toEqual({ SIZE: "20", BODY: "8BITMIME", RET: "FULL" });
    expect(envelope.rcptTo).toEqual([{ address: "bob@mail.test", parameters: { NOTIFY: "NEVER" } }]);
  });
});

describe("startSmtp()", () => {
  test("closes with 421 after unknown commands in a row", async () => {
    await using smtp = await startSmtp({ maxUnknownCommands: 3 });
    await using talk = await talkTo(smtp);
    expect(await talk.say("A")).toBe(500);
    expect(await talk.say("NOOP")).toBe(250);
    expect([await talk.say("A"), await talk.say("B"), await talk.say("C")]).toEqual([500, 500, 421]);
    await talk.end();
  });

  test("closes with 421 after failed logins", async () => {
    await using smtp = await startSmtp({ users: { ann: "right" }, maxAuthFailures: 2 });
    await using talk = await talkTo(smtp);
    await talk.say("EHLO client.test");
    expect(await talk.say("AUTH PLAIN AGEAYg==")).toBe(535);
    expect(await talk.say("AUTH PLAIN AGEAYg==")).toBe(535);
    expect(await talk.reply()).toMatch(/^421/);
  });

  test("gives one reply for each recipient over LMTP", async () => {
    await using smtp = await startSmtp();
    await using talk = await talkTo(smtp);
    expect(await talk.say("LHLO client.test")).toBe(250);
    talk.send("MAIL FROM:<a@b.test>\r\nRCPT TO:<b@c.test>\r\nRCPT TO:<b@c.test>\r\nDATA\r\n");
    expect(await talk.codes(4)).toEqual([250, 250, 250, 354]);
    talk.send("x\r\n.\r\n");
    expect(await talk.codes(2)).toEqual([250, 250]);
    expect((await smtp.waitForMail()).session.protocol).toBe("LMTP");
  });

  test("answers 421 to an HTTP request and closes", async () => {
    await using smtp = await startSmtp();
    await using talk = await talkTo(smtp);
    expect(await talk.say("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n")).toBe(421);
    expect(await talk.end()).toBe("");
  });

  test("offers no AUTH in clear when TLS is required, and no STARTTLS within TLS", async () => {
    await using smtp = await startSmtp({ requireTls: true });
    await using talk = await talkTo(smtp);
    const clear = await talk.send("EHLO client.test\r\n").reply();
    expect(clear).toContain("STARTTLS");
    expect(clear).not.toContain("AUTH");
    await talk.say("STARTTLS");
    await talk.startTls({ ca: smtp.ca });
    const secure = await talk.send("EHLO client.test\r\n").reply();
    expect(secure).toContain("AUTH PLAIN");
    expect(secure).not.toContain("STARTTLS");
    expect(await talk.say("STARTTLS")).toBe(503);
  });

  test("greets at once, and tells of a client that spoke before", async () => {
    await using smtp = await startSmtp();
    const talk = new Talk(earlyTalker(smtp.port));
    expect(await talk.codes(2)).toEqual([220, 250]);
    for (const line of ["MAIL FROM:<a@b.test>", "RCPT TO:<b@c.test>", "DATA", "."]) await talk.say(line);
    expect((await smtp.waitForMail()).session.flags).toEqual([
      "early talker: the client spoke before the greeting",
    ]);
    talk.socket.destroy();
  });

  test("refuses an early talker when strict", async () => {
    await using smtp = await startSmtp({ strict: true });
    const talk = new Talk(earlyTalker(smtp.port));
    expect(await talk.codes(1)).toEqual([554]);
    talk.socket.destroy();
  });
});

/** Both ends are in this process, so what is written before the server's first turn is there before its greeting. */
function earlyTalker(port: number): Socket {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.write("EHLO early.test\r\n");
  return socket;
}
